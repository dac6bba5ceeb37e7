(** Bounds of the minimum of a correlated pair at a point, by bounds of its pull r = a·e^{-x}. With s = pull_of r, the excess
    s·e^{q·r + p·s} - c is 0 there, and falls with r as long as the curvature is not negative (Pair.v). *)
From Coq Require Import Reals QArith Qreals List ZArith Bool Lra Psatz.
From Ascent Require Import Polynomials Lambert Trees Rules Bounds Pair.
Import ListNotations.
Open Scope R_scope.

Definition curvature (a e r : R) : R :=
  (1 + (1 + e ^ 2) * r) * (1 + (1 + e ^ 2) * pull_of a e r) - (2 * e) ^ 2 * r * pull_of a e r.

Section Between.
Variables a c e : R.
Hypothesis He : 0 < e.

Lemma pull_slope r : 0 < r -> derivable_pt_lim (pull_of a e) r (- (/ r + (1 + e ^ 2)) / (2 * e)).
Proof.
  intros P. unfold pull_of.
  apply (derivable_pt_lim_ext (fun z => / (2 * e) * (ln a - ln z - (1 + e ^ 2) * z))); [intros; unfold Rdiv; ring|].
  replace (- (/ r + (1 + e ^ 2)) / (2 * e)) with (/ (2 * e) * (0 - / r - (1 + e ^ 2) * 1)) by (field; lra).
  apply (derivable_pt_lim_scal (fun z => ln a - ln z - (1 + e ^ 2) * z)).
  apply (derivable_pt_lim_minus (fun z => ln a - ln z) (fun z => (1 + e ^ 2) * z)).
  - apply (derivable_pt_lim_minus (fun _ => ln a) ln); [apply derivable_pt_lim_const|now apply derivable_pt_lim_ln].
  - apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
Qed.

Lemma excess_slope r : 0 < r ->
  derivable_pt_lim (excess a c e) r (- (exp (2 * e * r + (1 + e ^ 2) * pull_of a e r) / (2 * e * r)) * curvature a e r).
Proof.
  intros P. assert (S := pull_slope r P). unfold excess, curvature.
  set (g := fun z => 2 * e * z + (1 + e ^ 2) * pull_of a e z).
  set (s := pull_of a e r) in *. set (s' := - (/ r + (1 + e ^ 2)) / (2 * e)) in *.
  replace (- (exp (2 * e * r + (1 + e ^ 2) * s) / (2 * e * r)) * _)
    with ((s' * exp (g r) + s * (exp (g r) * (2 * e * 1 + (1 + e ^ 2) * s'))) - 0).
  2: { change (g r) with (2 * e * r + (1 + e ^ 2) * s). generalize (exp (2 * e * r + (1 + e ^ 2) * s)). intros E.
       unfold s'. field. lra. }
  apply (derivable_pt_lim_minus (fun z => pull_of a e z * exp (g z)) (fun _ => c)); [|apply derivable_pt_lim_const].
  apply (derivable_pt_lim_mult (pull_of a e) (fun z => exp (g z))); trivial.
  apply (derivable_pt_lim_comp g exp); [|apply derivable_pt_lim_exp].
  apply (derivable_pt_lim_plus (fun z => 2 * e * z) (fun z => (1 + e ^ 2) * pull_of a e z)).
  - apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
  - now apply (derivable_pt_lim_scal (pull_of a e)).
Qed.

(** Where the curvature is not negative, it is positive for smaller pulls. *)
Lemma curvature_positive r r' : 0 < r -> r < r' -> 0 <= curvature a e r' -> 0 < curvature a e r.
Proof.
  intros P L. set (h := r' - r). assert (H : 0 < h) by (unfold h; lra).
  assert (G : pull_of a e r > pull_of a e r' + (1 + e ^ 2) * h / (2 * e)).
  { assert (K : ln r < ln r') by now apply ln_increasing.
    assert (X : pull_of a e r - pull_of a e r' - (1 + e ^ 2) * h / (2 * e) = (ln r' - ln r) / (2 * e)) by (unfold pull_of, h; field; lra).
    assert (0 < (ln r' - ln r) / (2 * e)) by (apply Rdiv_lt_0_compat; lra). lra. }
  unfold curvature. set (s := pull_of a e r) in *. set (s' := pull_of a e r') in *.
  set (p := 1 + e ^ 2) in *. set (q := 2 * e) in *.
  assert (Q : 0 < q) by (unfold q; lra).
  assert (PQ : q <= p) by (unfold p, q; assert (0 <= (1 - e) ^ 2) by apply pow2_ge_0; nra).
  set (d := p ^ 2 - q ^ 2). assert (D : 0 <= d) by (unfold d; nra).
  intros C.
  replace ((1 + p * r') * (1 + p * s') - q ^ 2 * r' * s') with (1 + p * r' + s' * (p + d * r')) in C by (unfold d; ring).
  replace ((1 + p * r) * (1 + p * s) - q ^ 2 * r * s) with (1 + p * r + s * (p + d * r)) by (unfold d; ring).
  set (A := p + d * r) in *. set (A' := p + d * r') in *.
  assert (PA : p <= A) by (unfold A; assert (0 <= d * r) by (apply Rmult_le_pos; lra); lra).
  assert (PA' : p <= A') by (unfold A'; assert (0 <= d * r') by (apply Rmult_le_pos; lra); lra).
  apply Rmult_lt_reg_r with A'; [lra|]. rewrite Rmult_0_l.
  assert (T : 0 <= (1 + p * r' + s' * A') * A) by (apply Rmult_le_pos; lra).
  assert (U : (1 + p * r) * A' - (1 + p * r') * A = - (q ^ 2 * h)) by (unfold A, A', d, h; ring).
  assert (B : q ^ 3 <= p * A * A').
  { assert (q * q <= A * A') by (apply Rmult_le_compat; lra).
    replace (q ^ 3) with (q * (q * q)) by ring. rewrite Rmult_assoc. apply Rmult_le_compat; nra. }
  assert (V : q ^ 2 * h <= p * h / q * A * A').
  { replace (p * h / q * A * A') with (h * (p * A * A') * / q) by (field; lra).
    replace (q ^ 2 * h) with (h * q ^ 3 * / q) by (field; lra).
    apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|]. apply Rmult_le_compat_l; lra. }
  assert (W : (s' + p * h / q) * A * A' < s * A * A') by (repeat apply Rmult_lt_compat_r; lra).
  replace ((s' + p * h / q) * A * A') with (s' * A' * A + p * h / q * A * A') in W by ring.
  replace ((1 + p * r + s * A) * A') with ((1 + p * r) * A' + s * A * A') by ring.
  lra.
Qed.

Lemma excess_falls r r' : 0 < r -> r < r' -> 0 <= curvature a e r' -> excess a c e r' < excess a c e r.
Proof.
  intros P L C.
  destruct (MVT_cor2 (excess a c e) (fun z => - (exp (2 * e * z + (1 + e ^ 2) * pull_of a e z) / (2 * e * z)) * curvature a e z)
    r r' L) as [m [E [M M']]]; [intros; apply excess_slope; lra|].
  assert (K := curvature_positive m r' ltac:(lra) M' C).
  assert (X : 0 < exp (2 * e * m + (1 + e ^ 2) * pull_of a e m) / (2 * e * m)).
  { apply Rdiv_lt_0_compat; [apply exp_pos|]. repeat apply Rmult_lt_0_compat; lra. }
  cbv beta in E. assert (Y := Rmult_lt_0_compat _ _ X K). assert (Z : 0 < r' - r) by lra.
  assert (V := Rmult_lt_0_compat _ _ Y Z). lra.
Qed.

Variables x y : R.
Hypothesis Ha : 0 < a.
Hypothesis P : pair_minimum a c e x y.
Let r := a * exp (-1 * x).

Lemma at_pull : 0 < r /\ x = ln a - ln r /\ y = 2 * e * r + (1 + e ^ 2) * pull_of a e r /\
  excess a c e r = 0 /\ 0 <= curvature a e r.
Proof.
  assert (R0 : 0 < r) by (apply Rmult_lt_0_compat; [trivial|apply exp_pos]).
  assert (X : x = ln a - ln r) by (unfold r; rewrite ln_mult, ln_exp by (trivial; apply exp_pos); ring).
  destruct P as [E1 [E2 E3]]. cbv zeta in E1, E2, E3. fold r in E1, E2, E3.
  set (s := c * exp (-1 * y)) in *.
  assert (S : pull_of a e r = s).
  { unfold pull_of. rewrite <- X. rewrite <- E1 at 1. field. lra. }
  split; [exact R0|split; [exact X|split; [rewrite S; lra|split]]].
  - unfold excess. rewrite S. replace (2 * e * r + (1 + e ^ 2) * s) with y by lra. unfold s.
    rewrite Rmult_assoc, (exp_opp_mult (-1 * y) y) by ring. ring.
  - unfold curvature. rewrite S. exact E3.
Qed.

(** r1 above and r2 below: x falls with the pull, y is between what the ends allow. *)
Theorem between r1 r2 : 0 < r2 -> 0 < r1 -> excess a c e r1 <= 0 -> 0 <= excess a c e r2 -> 0 <= curvature a e r2 ->
  ln a - ln r1 <= x <= ln a - ln r2 /\
  2 * e * r2 + (1 + e ^ 2) * pull_of a e r1 <= y <= 2 * e * r1 + (1 + e ^ 2) * pull_of a e r2.
Proof.
  intros P2 P1 A B C. destruct at_pull as [R0 [X [Y [Z K]]]].
  assert (U : r <= r1) by (destruct (Rle_or_lt r r1) as [|L]; trivial; pose proof (excess_falls r1 r P1 L K); lra).
  assert (L : r2 <= r) by (destruct (Rle_or_lt r2 r) as [|L]; trivial; pose proof (excess_falls r r2 R0 L C); lra).
  assert (Lu : ln r <= ln r1) by (destruct U as [U| ->]; [left; now apply ln_increasing|lra]).
  assert (Ll : ln r2 <= ln r) by (destruct L as [L| <-]; [left; now apply ln_increasing|lra]).
  assert (Su : pull_of a e r1 <= pull_of a e r) by (destruct U as [U| ->]; [left; now apply pull_falls|lra]).
  assert (Sl : pull_of a e r <= pull_of a e r2) by (destruct L as [L| <-]; [left; now apply pull_falls|lra]).
  assert (0 <= e ^ 2) by apply pow2_ge_0.
  split; [lra|]. rewrite Y.
  assert (2 * e * r2 <= 2 * e * r <= 2 * e * r1) by (split; apply Rmult_le_compat_l; lra).
  assert ((1 + e ^ 2) * pull_of a e r1 <= (1 + e ^ 2) * pull_of a e r <= (1 + e ^ 2) * pull_of a e r2)
    by (split; apply Rmult_le_compat_l; lra).
  lra.
Qed.
End Between.

(** The same for formulas at a rational point: bounds of the pull lead to bounds of x and y. *)
Record pair_bounds := {
  first_strength : tree; second_strength : tree; correlation : tree; pull_low : Q; pull_high : Q; x_in : interval; y_in : interval
}.
Definition rational (r : Q) : tree := Num (Qnum r) (Qden r).
Definition pull_tree (a e r : tree) : tree :=
  Mul (minus (minus (Log a) (Log r)) (Mul (own e) r)) (Pow (cross e) (-1)).
Definition y_tree (a e r s : tree) : tree := Add (Mul (cross e) r) (Mul (own e) (pull_tree a e s)).
Definition excess_tree (a c e r : tree) : tree := minus (Mul (pull_tree a e r) (Exp (y_tree a e r r))) c.
Definition curvature_tree (a e r : tree) : tree :=
  minus (Mul (Add (Num 1 1) (Mul (own e) r)) (Add (Num 1 1) (Mul (own e) (pull_tree a e r))))
        (Mul (Mul (Pow (cross e) 2) r) (pull_tree a e r)).

Section Pairs.
Variable M : pair_point.
Hypothesis HM : pair_minima M.
Variable q : list Q.
Variable stated : list (tree * (interval * nat)).

Definition bracketed (b : pair_bounds) : bool :=
  let a := first_strength b in let c := second_strength b in let e := correlation b in
  let low := rational (pull_low b) in let high := rational (pull_high b) in
  forallb (fun f => sign_at q stated [] (fst f) (snd f)) [
    (Positive, a); (Positive, e); pair_real c e; (Positive, low); (Positive, high);
    (NonNegative, minus (Num 0 1) (excess_tree a c e high)); (NonNegative, excess_tree a c e low);
    (NonNegative, curvature_tree a e low);
    (NonNegative, minus (minus (Log a) (Log high)) (rational (fst (x_in b))));
    (NonNegative, minus (rational (snd (x_in b))) (minus (Log a) (Log low)));
    (NonNegative, minus (y_tree a e low high) (rational (fst (y_in b))));
    (NonNegative, minus (rational (snd (y_in b))) (y_tree a e high low))].
Definition bounds_of (b : pair_bounds) : list (tree * interval) :=
  let pair f := f (first_strength b) (second_strength b) (correlation b) in
  [(pair PairX, x_in b); (pair PairY, y_in b)].

Lemma eval_rational r : eval M (at_point q) (rational r) = Q2R r.
Proof. unfold rational. rewrite num_ok. now destruct r. Qed.
Lemma eval_pull a e r : eval M (at_point q) (pull_tree a e r) =
  pull_of (eval M (at_point q) a) (eval M (at_point q) e) (eval M (at_point q) r).
Proof. unfold pull_tree, pull_of, own, cross. simpl. unfold Rdiv. ring. Qed.

Lemma bracketed_ok b : bracketed b = true -> Forall (fun g => inside (snd g) (eval M (at_point q) (fst g))) (bounds_of b).
Proof.
  destruct b as [a c e low high ix iy]. unfold bracketed, bounds_of. cbn [first_strength second_strength correlation pull_low pull_high x_in y_in].
  set (lo := rational low). set (hi := rational high). intros H. cbn [forallb fst snd] in H.
  repeat (apply andb_true_iff in H; destruct H as [? H]). clear H.
  repeat match goal with K : sign_at _ _ _ _ _ = true |- _ => apply (sign_at_ok M q stated [] (Forall_nil _)) in K end.
  set (v := fun n : nat => nth n (map Q2R q) 0) in *. change (at_point q) with v.
  unfold is, excess_tree, curvature_tree, y_tree in *.
  repeat match goal with K : context [eval M v (minus _ _)] |- _ => rewrite eval_minus in K end.
  repeat match goal with K : context [eval M v (rational _)] |- _ => unfold v in K; rewrite eval_rational in K; fold v in K end.
  cbn [eval own cross] in *. unfold v in *. repeat match goal with K : context [eval M _ (pull_tree _ _ _)] |- _ => rewrite eval_pull in K end.
  change (fun n : nat => nth n (map Q2R q) 0) with (at_point q) in *.
  repeat match goal with K : context [power ?z 2] |- _ => change (power z 2) with (z ^ 2) in K end.
  set (A := eval M (at_point q) a) in *. set (C := eval M (at_point q) c) in *. set (E := eval M (at_point q) e) in *.
  set (LO := eval M (at_point q) lo) in *. set (HI := eval M (at_point q) hi) in *.
  assert (R : 0 < 1 + exp 1 * (1 + E ^ 2) * C) by exact H2.
  destruct (between A C E H1 _ _ H0 (HM A C E (Rlt_le _ _ H1) H0 R) HI LO) as [X Y]; trivial;
    try (unfold excess, curvature; lra).
  apply Forall_cons; [|apply Forall_cons; [|apply Forall_nil]]; unfold inside; cbn [fst snd eval]; fold A C E; lra.
Qed.

Theorem given_bounds l : forallb bracketed l = true ->
  Forall (fun g => inside (snd g) (eval M (at_point q) (fst g))) (flat_map bounds_of l).
Proof.
  intros H. induction l as [|b l IH]; [constructor|]. cbn [forallb] in H. apply andb_true_iff in H. destruct H as [B H].
  cbn [flat_map]. apply Forall_app. split; [now apply bracketed_ok|now apply IH].
Qed.
End Pairs.
