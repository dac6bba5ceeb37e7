(** Figure 4's window is empty for |F|/|D| = 1/10 and a small ridge, without a cover by boxes: at each point (6) or (7) is below
    lemma 9's second number. With u = W0(p/(9λ)) and v = W0(p/(10λ)), p = 1 + ε²: (7) is below it where u(1-ε)²/p ≥ 1/109. Else ε is
    near 1, so that u and v are large enough for (6), by e^{u-v}·u/v = 10/9. *)
From Coq Require Import Reals Lra Psatz.
From Ascent Require Import Lambert.
Open Scope R_scope.

Lemma exp_at_most x : 0 <= x < 2 -> exp x * (1 - x / 2) ^ 2 <= 1.
Proof.
  intros B. assert (E := exp_ge (- (x / 2))). assert (I : exp (x / 2) * exp (- (x / 2)) = 1) by (apply exp_opp_mult; ring).
  assert (P := exp_pos (x / 2)). replace (exp x) with (exp (x / 2) * exp (x / 2)) by (rewrite <- exp_plus; f_equal; field).
  assert (K : 0 <= exp (x / 2) * (1 - x / 2) <= 1) by nra. nra.
Qed.

Section Point.
Variables lambda e : R.
Hypothesis HL : 1 / 1000 <= lambda <= 1.
Hypothesis HE : 1 / 10 <= e <= 1.
Let p := 1 + e ^ 2.
Let q := 2 * e.
Let u := W0 (p / (9 * lambda)).
Let v := W0 (p / (10 * lambda)).

Lemma solved k : 0 < k -> 0 < W0 (p / (k * lambda)) /\ W0 (p / (k * lambda)) * exp (W0 (p / (k * lambda))) * (k * lambda) = p.
Proof.
  intros K. assert (P : 1 < p) by (unfold p; nra). assert (0 < k * lambda) by (apply Rmult_lt_0_compat; lra).
  assert (Z : 0 < p / (k * lambda)) by (apply Rdiv_lt_0_compat; lra). pose proof (exp_pos 1).
  destruct (W0_spec (p / (k * lambda))) as [_ E]; [nra|]. split.
  - destruct (Rlt_or_le 0 (W0 (p / (k * lambda)))); trivial. pose proof (exp_pos (W0 (p / (k * lambda)))). nra.
  - rewrite E. field. lra.
Qed.

(** W0(p/(kλ)) > l where k·l < p·(1 - l/2)², as λ ≤ 1. *)
Lemma at_least k l : 0 < k -> 0 <= l < 2 -> k * l < p * (1 - l / 2) ^ 2 -> l < W0 (p / (k * lambda)).
Proof.
  intros K L B. assert (P : 1 < p) by (unfold p; nra). assert (KL : 0 < k * lambda) by (apply Rmult_lt_0_compat; lra).
  assert (X := exp_at_most l L). pose proof (exp_pos 1). pose proof (exp_pos l).
  assert (Z : 0 < p / (k * lambda)) by (apply Rdiv_lt_0_compat; lra).
  apply W0_above; [nra|]. apply Rmult_lt_reg_r with (k * lambda); trivial.
  replace (p / (k * lambda) * (k * lambda)) with p by (field; lra).
  apply Rle_lt_trans with (exp l * (k * l)); [assert (0 <= exp l * (k * l) * (1 - lambda)) by (repeat apply Rmult_le_pos; lra); nra|].
  assert (S : 0 < (1 - l / 2) ^ 2) by nra.
  apply Rlt_le_trans with (exp l * (p * (1 - l / 2) ^ 2)); [now apply Rmult_lt_compat_l|nra].
Qed.

Lemma relation_of_u_and_v : v <= u /\ (u - v) * (9 * (1 + v)) <= v.
Proof.
  destruct (solved 9 ltac:(lra)) as [U0 U]. destruct (solved 10 ltac:(lra)) as [V0 V]. fold u in U0, U. fold v in V0, V.
  assert (E : 9 * (u * exp u) = 10 * (v * exp v)) by (apply Rmult_eq_reg_r with lambda; lra).
  assert (VU : v <= u).
  { destruct (Rle_or_lt v u) as [|L]; trivial. assert (X := xexp_increasing u v ltac:(lra) L). unfold xexp in X.
    pose proof (exp_pos v). assert (0 < v * exp v) by nra. lra. }
  split; trivial. replace u with (v + (u - v)) in E at 2 by ring. rewrite exp_plus in E.
  pose proof (exp_pos v). assert (G := exp_ge (u - v)).
  assert (F : 9 * (u * exp (u - v)) = 10 * v) by (apply Rmult_eq_reg_l with (exp v); nra).
  assert (u * (1 + (u - v)) <= u * exp (u - v)) by (apply Rmult_le_compat_l; lra). nra.
Qed.

(** (7) by u alone. *)
Lemma second_number : q * (-1 + lambda * 10 * u * exp (q * u / p) + -1 * e ^ 2) / p ^ 2 = q / p * (10 / 9 * exp (- (u * ((1 - e) ^ 2 / p))) - 1).
Proof.
  assert (P : 1 < p) by (unfold p; nra). destruct (solved 9 ltac:(lra)) as [_ U]. fold u in U.
  replace (q * u / p) with (u + - (u * ((1 - e) ^ 2 / p))) by (unfold q, p; field; nra). rewrite exp_plus.
  set (g := exp (- (u * ((1 - e) ^ 2 / p)))).
  replace (-1 + lambda * 10 * u * (exp u * g) + -1 * e ^ 2) with (10 / 9 * (u * exp u * (9 * lambda)) * g - p) by (unfold p; field).
  rewrite U. field. lra.
Qed.

Theorem one_is_below : let least := q / p * (10 / 99) in
  q * (-1 + lambda * 10 * u * exp (q * u / p) + -1 * e ^ 2) / p ^ 2 < least \/
  lambda * 10 * (u - v) / q * exp (p * (u - v) / q) < least.
Proof.
  intros least. assert (P : 1 < p <= 2) by (unfold p; nra). assert (Q : 0 < q) by (unfold q; lra).
  destruct (solved 9 ltac:(lra)) as [U0 U]. destruct (solved 10 ltac:(lra)) as [V0 V]. fold u in U0, U. fold v in V0, V.
  destruct relation_of_u_and_v as [VU D].
  destruct (Rle_or_lt p (109 * (u * (1 - e) ^ 2))) as [A|A].
  - left. rewrite second_number. unfold least. apply Rmult_lt_compat_l; [now apply Rdiv_lt_0_compat; lra|].
    set (t := u * ((1 - e) ^ 2 / p)). assert (T : 1 / 109 <= t).
    { apply Rmult_le_reg_r with p; [lra|]. unfold t. replace (u * ((1 - e) ^ 2 / p) * p) with (u * (1 - e) ^ 2) by (field; lra). lra. }
    assert (G := exp_ineq1 t ltac:(lra)). assert (I : exp t * exp (- t) = 1) by (apply exp_opp_mult; ring).
    pose proof (exp_pos (- t)). assert (exp (- t) < 109 / 110) by nra. lra.
  - right.
    assert (S0 : 0 <= (1 - e) ^ 2) by apply pow2_ge_0.
    assert (U1 : 1 / 10 < u) by (apply at_least; unfold p; nra).
    assert (E1 : 64 / 100 < e).
    { destruct (Rlt_or_le (64 / 100) e) as [|L]; trivial. exfalso. assert (1 / 10 * (1 - e) ^ 2 <= u * (1 - e) ^ 2) by nra. unfold p in A. nra. }
    assert (U2 : 136 / 1000 < u) by (apply at_least; unfold p; nra).
    assert (E2 : 685 / 1000 < e).
    { destruct (Rlt_or_le (685 / 1000) e) as [|L]; trivial. exfalso. assert (136 / 1000 * (1 - e) ^ 2 <= u * (1 - e) ^ 2) by nra. unfold p in A. nra. }
    assert (U3 : 141 / 1000 < u) by (apply at_least; unfold p; nra).
    assert (E3 : 69 / 100 < e).
    { destruct (Rlt_or_le (69 / 100) e) as [|L]; trivial. exfalso. assert (141 / 1000 * (1 - e) ^ 2 <= u * (1 - e) ^ 2) by nra. unfold p in A. nra. }
    assert (V1 : 129 / 1000 < v) by (apply at_least; unfold p; nra).
    set (tau := p / q). assert (TQ : tau * q = p) by (unfold tau; field; lra).
    assert (T1 : tau <= 107 / 100).
    { apply Rmult_le_reg_r with q; trivial. rewrite TQ. assert (141 / 1000 * (1 - e) ^ 2 <= u * (1 - e) ^ 2) by nra.
      unfold p, q in *. nra. }
    assert (T0 : 0 < tau) by (apply Rdiv_lt_0_compat; lra).
    set (d := (u - v) / v). assert (DV : d * v = u - v) by (unfold d; field; lra).
    assert (D0 : 0 <= d) by (apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]).
    assert (D1 : d * (9 * (1 + v)) <= 1) by (apply Rmult_le_reg_r with v; trivial; replace (d * (9 * (1 + v)) * v) with (d * v * (9 * (1 + v))) by ring; rewrite DV; lra).
    assert (D2 : d <= 1000 / 10161) by nra.
    replace (lambda * 10 * (u - v) / q * exp (p * (u - v) / q)) with (tau * (d * exp (tau * (d * v) - v))).
    2: { rewrite DV. replace (p * (u - v) / q) with ((tau * (u - v) - v) + v) by (unfold tau; field; lra). rewrite exp_plus.
         unfold tau, d. rewrite <- V at 1. field. lra. }
    assert (X : exp (tau * (d * v) - v) <= 895 / 1000).
    { assert (W : tau * (d * v) - v <= - (115 / 1000)).
      { assert (tau * d <= 107 / 100 * (1000 / 10161)) by (apply Rmult_le_compat; lra).
        assert (tau * d * v <= 107 / 100 * (1000 / 10161) * v) by (apply Rmult_le_compat_r; lra). lra. }
      assert (Y := exp_ge (115 / 2000)). assert (I : exp (115 / 1000) * exp (- (115 / 1000)) = 1) by (apply exp_opp_mult; ring).
      assert (Z : exp (115 / 1000) = exp (115 / 2000) * exp (115 / 2000)) by (rewrite <- exp_plus; f_equal; field).
      pose proof (exp_pos (- (115 / 1000))).
      assert (exp (tau * (d * v) - v) <= exp (- (115 / 1000))) by (destruct W as [W| ->]; [left; now apply exp_increasing|lra]).
      assert (1 + 115 / 1000 + (115 / 2000) ^ 2 <= exp (115 / 1000)) by nra. nra. }
    pose proof (exp_pos (tau * (d * v) - v)).
    assert (F : d * exp (tau * (d * v) - v) <= 1000 / 10161 * (895 / 1000)) by (apply Rmult_le_compat; lra).
    unfold least. apply Rmult_lt_reg_l with tau; trivial.
    replace (tau * (q / p * (10 / 99))) with (10 / 99) by (unfold tau; field; lra).
    assert (tau * tau <= 107 / 100 * (107 / 100)) by (apply Rmult_le_compat; lra).
    replace (tau * (tau * (d * exp (tau * (d * v) - v)))) with (tau * tau * (d * exp (tau * (d * v) - v))) by ring.
    apply Rle_lt_trans with (107 / 100 * (107 / 100) * (1000 / 10161 * (895 / 1000))); [|lra].
    apply Rmult_le_compat; trivial; [nra|apply Rmult_le_pos; lra].
Qed.
End Point.

(** As Statements.v has it. *)
Theorem figure_4_empty : forall n_retain n_forget n_group ridge epsilon : R,
  9 <= n_retain -> n_retain <= 9 -> 1 <= n_forget -> n_forget <= 1 -> 1 <= n_group -> n_group <= 1 ->
  1 / 1000 <= ridge -> ridge <= 1 -> 1 / 10 <= epsilon -> epsilon <= 1 ->
  epsilon <> 0 /\ n_retain <> 0 /\ n_retain + n_forget * 2 <> 0 /\ 1 + epsilon ^ 2 <> 0 /\ ridge <> 0 /\
  n_forget + n_retain <> 0 /\
  0 <= exp 1 * (n_group * (1 + epsilon ^ 2) / ridge / (n_forget + n_retain)) + 1 /\
  0 <= exp 1 * (n_group * (1 + epsilon ^ 2) / n_retain / ridge) + 1 /\
  n_group <> 0 /\
  Rmax (1 / 2 * (1 + epsilon ^ 2) / epsilon * n_forget ^ 2 / n_retain / (n_retain + n_forget * 2))
    (epsilon * n_forget * 2 * (n_forget + n_retain) / n_retain / (n_retain + n_forget * 2) / (1 + epsilon ^ 2)) +
  Rmin (1 / 2 * ridge * (n_forget + n_retain) * ((-1) * W0 (n_group * (1 + epsilon ^ 2) / ridge / (n_forget + n_retain)) +
      W0 (n_group * (1 + epsilon ^ 2) / n_retain / ridge)) / epsilon / n_group *
      exp (1 / 2 * (1 + epsilon ^ 2) * ((-1) * W0 (n_group * (1 + epsilon ^ 2) / ridge / (n_forget + n_retain)) +
        W0 (n_group * (1 + epsilon ^ 2) / n_retain / ridge)) / epsilon))
    (epsilon * 2 * ((-1) + ridge * (n_forget + n_retain) * W0 (n_group * (1 + epsilon ^ 2) / n_retain / ridge) / n_group *
      exp (epsilon * 2 * W0 (n_group * (1 + epsilon ^ 2) / n_retain / ridge) / (1 + epsilon ^ 2)) + (-1) * epsilon ^ 2) /
      (1 + epsilon ^ 2) ^ 2) * (-1) > 0.
Proof.
  intros n_retain n_forget n_group l e A A' B B' C C' L L' E E'.
  assert (n_retain = 9) by lra. assert (n_forget = 1) by lra. assert (n_group = 1) by lra. subst.
  assert (P : 1 < 1 + e ^ 2) by nra. pose proof (exp_pos 1). assert (IL : 0 < / l) by (apply Rinv_0_lt_compat; lra).
  assert (Z : 0 < (1 + e ^ 2) * / l) by (apply Rmult_lt_0_compat; lra).
  repeat split; try lra; try (unfold Rdiv; nra).
  replace (1 * (1 + e ^ 2) / l / (1 + 9)) with ((1 + e ^ 2) / (10 * l)) by (field; lra).
  replace (1 * (1 + e ^ 2) / 9 / l) with ((1 + e ^ 2) / (9 * l)) by (field; lra).
  assert (K := one_is_below l e ltac:(lra) ltac:(lra)). cbv zeta in K.
  set (u := W0 ((1 + e ^ 2) / (9 * l))) in *. set (v := W0 ((1 + e ^ 2) / (10 * l))) in *.
  match goal with |- Rmax ?a ?b + Rmin ?c ?d * -1 > 0 =>
    assert (M := Rmax_r a b); assert (N1 := Rmin_l c d); assert (N2 := Rmin_r c d);
    assert (Eb : b = 2 * e / (1 + e ^ 2) * (10 / 99)) by (field; lra);
    assert (Ec : c = l * 10 * (u - v) / (2 * e) * exp ((1 + e ^ 2) * (u - v) / (2 * e)));
    [replace (1 / 2 * (1 + e ^ 2) * (-1 * v + u) / e) with ((1 + e ^ 2) * (u - v) / (2 * e)) by (field; lra); field; lra|];
    assert (Ed : d = 2 * e * (-1 + l * 10 * u * exp (2 * e * u / (1 + e ^ 2)) + -1 * e ^ 2) / (1 + e ^ 2) ^ 2);
    [replace (e * 2 * u / (1 + e ^ 2)) with (2 * e * u / (1 + e ^ 2)) by (field; lra); field; lra|]
  end.
  destruct K as [K|K]; [rewrite <- Ed, <- Eb in K|rewrite <- Ec, <- Eb in K]; lra.
Qed.
