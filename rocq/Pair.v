(** The correlated pair has a minimum: what the theorems assume of [pair_point] by [pair_minima] holds of one. *)
From Coq Require Import Reals Lra Psatz Ranalysis Ranalysis5.
From Ascent Require Import Lambert Trees Rules.
Open Scope R_scope.

(** What is found is a point at which the determinant of the second derivatives is positive. *)
Definition strict_minimum (a c e x y : R) : Prop :=
  let r := a * exp (-1 * x) in
  let s := c * exp (-1 * y) in
  pair_minimum a c e x y /\ 0 < (1 + (1 + e ^ 2) * r) * (1 + (1 + e ^ 2) * s) - (2 * e) ^ 2 * r * s.

(** With p = 1 + e², q = 2e > 0 and the pull r = a·e^{-x}: x = ln(a/r), s = (x - p·r)/q, y = q·r + p·s. *)
Section Pair.
Variables a c e : R.
Hypothesis Ha : 0 < a.
Hypothesis He : 0 < e.
Let p := 1 + e ^ 2.
Let q := 2 * e.
Definition pull_of (r : R) : R := (ln a - ln r - (1 + e ^ 2) * r) / (2 * e).
Definition excess (r : R) : R := pull_of r * exp (2 * e * r + (1 + e ^ 2) * pull_of r) - c.

Lemma excess_continuous r : 0 < r -> continuity_pt excess r.
Proof.
  intros P. unfold excess, pull_of. apply derivable_continuous_pt. reg; try lra.
  exists (/ r). now apply derivable_pt_lim_ln.
Qed.

Lemma found r : 0 < r -> excess r = 0 -> 0 <= pull_of r \/ (- / p <= pull_of r <= 0) ->
  strict_minimum a c e (ln a - ln r) (q * r + p * pull_of r).
Proof.
  intros P Z S.
  set (s := pull_of r) in *.
  assert (Es : q * s = ln a - ln r - p * r) by (unfold s, pull_of, p, q; field; lra).
  assert (R1 : a * exp (-1 * (ln a - ln r)) = r).
  { replace (-1 * (ln a - ln r)) with (ln r + - ln a) by ring. rewrite exp_plus, exp_Ropp, !exp_ln by assumption. field. lra. }
  assert (S1 : c * exp (-1 * (q * r + p * s)) = s).
  { unfold excess in Z. fold s in Z. fold p in Z. fold q in Z.
    replace c with (s * exp (q * r + p * s)) by lra.
    rewrite Rmult_assoc, (exp_opp_mult (q * r + p * s) (-1 * (q * r + p * s))) by ring. ring. }
  enough (D : 0 < (1 + p * r) * (1 + p * s) - q ^ 2 * r * s).
  { unfold strict_minimum, pair_minimum. cbv zeta. rewrite R1, S1. fold p. fold q. repeat split; lra. }
  assert (Pp : 0 < p) by (unfold p; nra). assert (Qq : 0 < q ^ 2) by (unfold q; nra).
  assert (Pq : q ^ 2 <= p ^ 2).
  { unfold p, q. assert (0 <= (1 - e ^ 2) ^ 2) by apply pow2_ge_0. nra. }
  destruct S as [S|S].
  - assert (0 <= r * s) by nra. assert (0 <= (p ^ 2 - q ^ 2) * (r * s)) by nra. nra.
  - assert (0 <= 1 + p * s).
    { assert (p * (- / p) <= p * s) by nra. replace (p * - / p) with (-1) in H by (field; lra). lra. }
    destruct (Req_dec s 0) as [->|N]; [nra|]. assert (0 < q ^ 2 * (r * - s)) by (apply Rmult_lt_0_compat; nra).
    assert (0 <= (1 + p * r) * (1 + p * s)) by (apply Rmult_le_pos; nra). nra.
Qed.
End Pair.

(** Where s has a given value: p·r·e^{p·r} = p·a·e^{-q·s}. *)
Lemma pull_at a e s : 0 < a -> 0 < e -> {r | 0 < r /\ pull_of a e r = s}.
Proof.
  intros Ha He. set (p := 1 + e ^ 2). assert (Pp : 0 < p) by (unfold p; nra).
  set (z := p * a * exp (- (2 * e * s))). assert (Z : 0 < z) by (unfold z; repeat apply Rmult_lt_0_compat; trivial; apply exp_pos).
  destruct (W0_spec z) as [_ E]; [pose proof (exp_pos 1); nra|].
  assert (W : 0 < W0 z) by (destruct (Rlt_or_le 0 (W0 z)); trivial; pose proof (exp_pos (W0 z)); nra).
  exists (W0 z / p). assert (R0 : 0 < W0 z / p) by (apply Rdiv_lt_0_compat; lra). split; trivial.
  unfold pull_of. fold p.
  assert (L : ln (W0 z / p) + W0 z = ln a + - (2 * e * s)).
  { rewrite <- (ln_exp (W0 z)) at 2. rewrite <- ln_mult by (trivial; apply exp_pos).
    rewrite <- (ln_exp (- (2 * e * s))), <- ln_mult by (trivial; apply exp_pos). f_equal.
    replace (W0 z / p * exp (W0 z)) with (/ p * (W0 z * exp (W0 z))) by (field; lra). rewrite E. unfold z. field. lra. }
  replace (p * (W0 z / p)) with (W0 z) by (field; lra).
  replace (ln a - ln (W0 z / p) - W0 z) with (2 * e * s) by lra. field. lra.
Qed.

(** s falls with r. *)
Lemma pull_falls a e r r' : 0 < e -> 0 < r -> r < r' -> pull_of a e r' < pull_of a e r.
Proof.
  intros He P L. unfold pull_of, Rdiv. apply Rmult_lt_compat_r; [apply Rinv_0_lt_compat; lra|].
  assert (ln r < ln r') by now apply ln_increasing. assert (0 < 1 + e ^ 2) by nra. nra.
Qed.

Lemma inner (f : R -> R) x y : (forall r, x <= r <= y -> continuity_pt f r) -> x < y -> 0 < f x -> f y < 0 ->
  {r | x <= r <= y /\ f r = 0}.
Proof.
  intros C L A B. destruct (IVT_interv (fun r => - f r) x y) as [r [K Z]]; try lra.
  - intros r K. apply (continuity_pt_opp f), C, K.
  - exists r. lra.
Qed.

Lemma pair_exists_correlated a c e : 0 < e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
  {xy : R * R | strict_minimum a c e (fst xy) (snd xy)}.
Proof.
  intros He Ha Hc. set (p := 1 + e ^ 2) in *. assert (Pp : 0 < p) by (unfold p; nra).
  destruct (pull_at a e 0 Ha He) as [r0 [P0 S0]].
  assert (At : forall r, 0 < r -> excess a c e r = 0 -> 0 <= pull_of a e r \/ (- / p <= pull_of a e r <= 0) ->
    {xy : R * R | strict_minimum a c e (fst xy) (snd xy)}).
  { intros r P Z S. exists (ln a - ln r, 2 * e * r + p * pull_of a e r). now apply found. }
  assert (Falls : forall r r', 0 < r -> r <= r' -> pull_of a e r' <= pull_of a e r).
  { intros r r' P [L| ->]; [left; now apply pull_falls|lra]. }
  destruct (Rlt_dec 0 c) as [C|C]; [|destruct (Rlt_dec c 0) as [C'|C']].
  - destruct (pull_at a e c Ha He) as [r1 [P1 S1]].
    assert (L : r1 < r0) by (destruct (Rlt_or_le r1 r0); trivial; pose proof (Falls r0 r1 P0 H); lra).
    destruct (inner (excess a c e) r1 r0) as [r [B Z]]; trivial.
    + intros r B. apply excess_continuous; lra.
    + unfold excess. rewrite S1. fold p. assert (1 < exp (2 * e * r1 + p * c)); [|nra].
      rewrite <- exp_0. apply exp_increasing. assert (0 < p * c) by nra. assert (0 < 2 * e * r1) by (apply Rmult_lt_0_compat; lra). lra.
    + unfold excess. rewrite S0. lra.
    + apply (At r); trivial; [lra|left]. rewrite <- S0. apply Falls; lra.
  - destruct (pull_at a e (- / p) Ha He) as [r2 [P2 S2]]. assert (I := Rinv_0_lt_compat _ Pp).
    assert (L : r0 < r2) by (destruct (Rlt_or_le r0 r2); trivial; pose proof (Falls r2 r0 P2 H); lra).
    destruct (inner (excess a c e) r0 r2) as [r [B Z]]; trivial.
    + intros r B. apply excess_continuous; lra.
    + unfold excess. rewrite S0. lra.
    + unfold excess. rewrite S2. fold p. replace (p * - / p) with (-1) by (field; lra). rewrite exp_plus.
      assert (X : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring).
      assert (G : 1 < exp (2 * e * r2)) by (rewrite <- exp_0; apply exp_increasing; apply Rmult_lt_0_compat; lra).
      assert (E := exp_pos (-1)). assert (exp (-1) < exp (2 * e * r2) * exp (-1)) by nra.
      assert (K : - exp (-1) < p * c).
      { assert (0 < exp (-1) * (1 + exp 1 * p * c)) by (apply Rmult_lt_0_compat; lra).
        replace (exp (-1) * (1 + exp 1 * p * c)) with (exp (-1) + (exp 1 * exp (-1)) * (p * c)) in H0 by ring. rewrite X in H0. lra. }
      apply Rmult_lt_reg_l with p; trivial. rewrite Rmult_0_r.
      replace (p * (- / p * (exp (2 * e * r2) * exp (-1)) - c)) with (- (exp (2 * e * r2) * exp (-1)) - p * c) by (field; lra). lra.
    + apply (At r); trivial; [lra|right]. rewrite <- S0, <- S2. split; apply Falls; lra.
  - assert (C0 : c = 0) by lra. apply (At r0); trivial; [|left; lra]. unfold excess. rewrite S0. lra.
Qed.

Theorem pair_exists a c e : 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
  {xy : R * R | strict_minimum a c e (fst xy) (snd xy)}.
Proof.
  intros He Ha Hc. destruct (Rlt_dec 0 e) as [E|E]; [now apply pair_exists_correlated|].
  assert (Z : e = 0) by lra. subst e. exists (W0 a, W0 c). cbn [fst snd]. unfold strict_minimum, pair_minimum.
  assert (P1 := exp_pos 1).
  destruct (W0_spec a) as [Ba Ea]; [nra|]. destruct (W0_spec c) as [Bc Ec]; [replace (1 + exp 1 * (1 + 0 ^ 2) * c) with (exp 1 * c + 1) in Hc by ring; lra|].
  assert (Wa : a * exp (-1 * W0 a) = W0 a).
  { rewrite <- Ea at 1. rewrite Rmult_assoc, (exp_opp_mult (W0 a) (-1 * W0 a)) by ring. ring. }
  assert (Wc : c * exp (-1 * W0 c) = W0 c).
  { rewrite <- Ec at 1. rewrite Rmult_assoc, (exp_opp_mult (W0 c) (-1 * W0 c)) by ring. ring. }
  cbv zeta. rewrite Wa, Wc.
  enough (0 < (1 + (1 + 0 ^ 2) * W0 a) * (1 + (1 + 0 ^ 2) * W0 c) - (2 * 0) ^ 2 * W0 a * W0 c) by (repeat split; try ring; lra).
  replace ((1 + (1 + 0 ^ 2) * W0 a) * (1 + (1 + 0 ^ 2) * W0 c) - (2 * 0) ^ 2 * W0 a * W0 c) with ((1 + W0 a) * (1 + W0 c)) by ring.
  assert (0 <= W0 a) by (destruct (Rle_or_lt 0 (W0 a)); trivial; pose proof (exp_pos (W0 a)); nra).
  apply Rmult_lt_0_compat; [lra|]. destruct (Req_dec (W0 c) (-1)) as [K|]; [|lra]. exfalso.
  replace (1 + exp 1 * (1 + 0 ^ 2) * c) with (exp 1 * c + 1) in Hc by ring. rewrite <- Ec, K in Hc.
  assert (X : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring). lra.
Qed.

Definition a_minimum (a c e : R) : R * R :=
  match Rle_dec 0 e with
  | left He => match Rlt_dec 0 a with
    | left Ha => match Rlt_dec 0 (1 + exp 1 * (1 + e ^ 2) * c) with
      | left Hc => proj1_sig (pair_exists a c e He Ha Hc)
      | right _ => (0, 0)
      end
    | right _ => (0, 0)
    end
  | right _ => (0, 0)
  end.
(** Behind a closed proof, so that nothing unfolds the one that is found. *)
Lemma some_pair : {M : pair_point | pair_minima M /\ forall a c e, 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
  strict_minimum a c e (pair_x M a c e) (pair_y M a c e)}.
Proof.
  exists {| pair_x := fun a c e => fst (a_minimum a c e); pair_y := fun a c e => snd (a_minimum a c e) |}.
  enough (S : forall a c e, 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
    strict_minimum a c e (fst (a_minimum a c e)) (snd (a_minimum a c e))) by (split; [intros a c e A B C; now apply S|exact S]).
  intros a c e He Ha Hc. unfold a_minimum.
  destruct (Rle_dec 0 e); [|contradiction]. destruct (Rlt_dec 0 a); [|contradiction].
  destruct (Rlt_dec 0 (1 + exp 1 * (1 + e ^ 2) * c)); [|contradiction].
  destruct (pair_exists a c e r r0 r1) as [xy P]. exact P.
Qed.
Definition the_pair : pair_point := proj1_sig some_pair.
Theorem pair_minima_exist : pair_minima the_pair.
Proof. exact (proj1 (proj2_sig some_pair)). Qed.
Theorem pair_minima_are_strict a c e : 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * c ->
  strict_minimum a c e (pair_x the_pair a c e) (pair_y the_pair a c e).
Proof. exact (proj2 (proj2_sig some_pair) a c e). Qed.
