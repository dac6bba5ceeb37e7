(** Eq. (1) on a correlated pair (§5.1.2), and what [pair_minimum] has to do with it: every local minimum of L_D, L_R and L_DA is
    one; for L_D and L_R there is one, and no other point is as low; for L_DA a point with a positive determinant is a local
    minimum. *)
From Coq Require Import Reals List Lra Psatz Ranalysis.
From Ascent Require Import Lambert Trees Rules Pair.
Import ListNotations.
Open Scope R_scope.

(** A sample is a vector on the two coordinates, times its label; a sample elsewhere does not depend on them (assumption 1). *)
Definition vector := (R * R)%type.
Definition margin (s w : vector) : R := fst s * fst w + snd s * snd w.
Definition exponential_losses (samples : list vector) (w : vector) : R :=
  fold_right (fun s t => exp (- margin s w) + t) 0 samples.
Definition square (w : vector) : R := fst w ^ 2 + snd w ^ 2.

(** [kept] samples (1, e) in R and [gone] samples (e, 1) in F, of |R| and |F| in all. *)
Section Losses.
Variables (n_retain n_forget lambda e : R) (kept gone : nat).
Let retain := repeat (1, e) kept.
Let forget := repeat (e, 1) gone.
Definition L_D (w : vector) : R :=
  / (n_retain + n_forget) * exponential_losses (retain ++ forget) w + lambda / 2 * square w.
Definition L_R (w : vector) : R := / n_retain * exponential_losses retain w + lambda / 2 * square w.
Definition L_DA (w : vector) : R :=
  / n_retain * exponential_losses retain w - / n_forget * exponential_losses forget w + lambda / 2 * square w.
End Losses.

Definition x_of (e : R) (w : vector) : R := fst w + e * snd w.
Definition y_of (e : R) (w : vector) : R := e * fst w + snd w.
Definition pair_loss (a c e lambda : R) (w : vector) : R :=
  a * exp (- x_of e w) + c * exp (- y_of e w) + lambda / 2 * square w.

Lemma losses_app l l' w : exponential_losses (l ++ l') w = exponential_losses l w + exponential_losses l' w.
Proof. unfold exponential_losses. induction l as [|s l IH]; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma losses_repeat s n w : exponential_losses (repeat s n) w = INR n * exp (- margin s w).
Proof.
  unfold exponential_losses. induction n as [|n IH]; [simpl; ring|]. rewrite S_INR. cbn [repeat fold_right]. rewrite IH. ring.
Qed.
Theorem L_D_is n_retain n_forget lambda e kept gone w :
  L_D n_retain n_forget lambda e kept gone w =
  pair_loss (INR kept / (n_retain + n_forget)) (INR gone / (n_retain + n_forget)) e lambda w.
Proof.
  unfold L_D, pair_loss, x_of, y_of. rewrite losses_app, !losses_repeat. unfold margin. cbn [fst snd].
  rewrite !Rmult_1_l. unfold Rdiv. ring.
Qed.
Theorem L_R_is n_retain lambda e kept w :
  L_R n_retain lambda e kept w = pair_loss (INR kept / n_retain) 0 e lambda w.
Proof. unfold L_R, pair_loss, x_of. rewrite !losses_repeat. unfold margin. cbn [fst snd]. rewrite !Rmult_1_l. unfold Rdiv. ring. Qed.
Theorem L_DA_is n_retain n_forget lambda e kept gone w :
  L_DA n_retain n_forget lambda e kept gone w = pair_loss (INR kept / n_retain) (- (INR gone / n_forget)) e lambda w.
Proof.
  unfold L_DA, pair_loss, x_of, y_of. rewrite !losses_repeat. unfold margin. cbn [fst snd]. rewrite !Rmult_1_l. unfold Rdiv. ring.
Qed.

Definition local_minimum (f : vector -> R) (w : vector) : Prop :=
  exists d, 0 < d /\ forall u, Rabs (fst u - fst w) < d -> Rabs (snd u - snd w) < d -> f w <= f u.

(** Along a line: the first derivative is 0 at a local minimum, the second one is not negative. *)
Lemma second_order (f f' : R -> R) (l d : R) : 0 < d -> (forall t, derivable_pt_lim f t (f' t)) ->
  derivable_pt_lim f' 0 l -> (forall t, Rabs t < d -> f 0 <= f t) -> f' 0 = 0 /\ 0 <= l.
Proof.
  intros D F F' M.
  assert (Z : f' 0 = 0).
  { assert (pr : derivable_pt f 0) by (exists (f' 0); apply F).
    assert (K : derive_pt f 0 pr = 0) by (apply (deriv_minimum f (- d) d 0 pr); try lra; intros x A B; apply M, Rabs_def1; lra).
    transitivity (derive_pt f 0 pr); [symmetry; apply derive_pt_eq_0, F|exact K]. }
  split; trivial. destruct (Rle_or_lt 0 l) as [|L]; trivial. exfalso.
  destruct (F' (- l / 2)) as [[delta Pd] B]; [lra|]. simpl in B.
  set (t := Rmin delta d / 2).
  assert (T : 0 < t /\ t < delta /\ t < d).
  { unfold t. pose proof (Rmin_l delta d). pose proof (Rmin_r delta d). assert (0 < Rmin delta d) by (apply Rmin_glb_lt; lra). lra. }
  assert (N : forall h, 0 < h <= t -> f' h < 0).
  { intros h H. specialize (B h ltac:(lra) ltac:(rewrite Rabs_pos_eq; lra)). rewrite Rplus_0_l, Z in B.
    apply Rabs_def2 in B. assert (f' h / h < 0) by (unfold Rdiv in *; lra).
    apply Rmult_lt_reg_r with (/ h); [apply Rinv_0_lt_compat; lra|]. rewrite Rmult_0_l. exact H0. }
  destruct (MVT_cor2 f f' 0 t ltac:(lra)) as [m [E [A C]]]; [intros; apply F|].
  specialize (N m ltac:(lra)). specialize (M t ltac:(rewrite Rabs_pos_eq; lra)). nra.
Qed.

Lemma affine_line a b t : derivable_pt_lim (fun t => a + b * t) t b.
Proof.
  assert (K : derivable_pt_lim (fun t => a + b * t) t (0 + b * 1)).
  { apply (derivable_pt_lim_plus (fun _ => a) (fun t => b * t)); [apply derivable_pt_lim_const|].
    apply (derivable_pt_lim_scal id), derivable_pt_lim_id. }
  rewrite Rplus_0_l, Rmult_1_r in K. exact K.
Qed.
Lemma exp_line x s t : derivable_pt_lim (fun t => exp (- (x + t * s))) t (- s * exp (- (x + t * s))).
Proof.
  rewrite (Rmult_comm (- s)).
  apply (derivable_pt_lim_comp (fun t => - (x + t * s)) exp); [|apply derivable_pt_lim_exp].
  apply (derivable_pt_lim_ext (fun t => - x + (- s) * t)); [intros; ring|]. apply affine_line.
Qed.
Lemma square_line u d t : derivable_pt_lim (fun t => (u + t * d) ^ 2) t (2 * d * (u + t * d)).
Proof.
  apply (derivable_pt_lim_ext (fun t => (u + d * t) * (u + d * t))); [intros; ring|].
  replace (2 * d * (u + t * d)) with (d * (u + d * t) + (u + d * t) * d) by ring.
  apply (derivable_pt_lim_mult (fun t => u + d * t) (fun t => u + d * t)); apply affine_line.
Qed.

Section Line.
Variables (a c e lambda : R) (w d : vector).
Let x := x_of e w.
Let y := y_of e w.
Let s := x_of e d.
Let t' := y_of e d.
Definition along (t : R) : vector := (fst w + t * fst d, snd w + t * snd d).
Definition slope_along (t : R) : R :=
  - a * s * exp (- (x + t * s)) - c * t' * exp (- (y + t * t')) +
  lambda * (fst d * (fst w + t * fst d) + snd d * (snd w + t * snd d)).
Definition bend_along (t : R) : R :=
  a * s ^ 2 * exp (- (x + t * s)) + c * t' ^ 2 * exp (- (y + t * t')) + lambda * square d.

Lemma slope_right t : derivable_pt_lim (fun t => pair_loss a c e lambda (along t)) t (slope_along t).
Proof.
  unfold pair_loss, slope_along, along, square.
  apply (derivable_pt_lim_ext (fun t => a * exp (- (x + t * s)) + c * exp (- (y + t * t')) +
    lambda / 2 * ((fst w + t * fst d) ^ 2 + (snd w + t * snd d) ^ 2))).
  { intros z. unfold x, y, s, t', x_of, y_of. cbn [fst snd].
    replace (fst w + e * snd w + z * (fst d + e * snd d)) with (fst w + z * fst d + e * (snd w + z * snd d)) by ring.
    replace (e * fst w + snd w + z * (e * fst d + snd d)) with (e * (fst w + z * fst d) + (snd w + z * snd d)) by ring.
    reflexivity. }
  replace (- a * s * exp (- (x + t * s)) - c * t' * exp (- (y + t * t')) + _) with
    (a * (- s * exp (- (x + t * s))) + c * (- t' * exp (- (y + t * t'))) +
     lambda / 2 * (2 * fst d * (fst w + t * fst d) + 2 * snd d * (snd w + t * snd d))) by field.
  apply (derivable_pt_lim_plus (fun t => a * exp (- (x + t * s)) + c * exp (- (y + t * t')))
    (fun t => lambda / 2 * ((fst w + t * fst d) ^ 2 + (snd w + t * snd d) ^ 2))).
  - apply (derivable_pt_lim_plus (fun t => a * exp (- (x + t * s))) (fun t => c * exp (- (y + t * t')))).
    + apply (derivable_pt_lim_scal (fun t => exp (- (x + t * s)))), exp_line.
    + apply (derivable_pt_lim_scal (fun t => exp (- (y + t * t')))), exp_line.
  - apply (derivable_pt_lim_scal (fun t => (fst w + t * fst d) ^ 2 + (snd w + t * snd d) ^ 2)).
    apply (derivable_pt_lim_plus (fun t => (fst w + t * fst d) ^ 2) (fun t => (snd w + t * snd d) ^ 2)); apply square_line.
Qed.

Lemma bend_right t : derivable_pt_lim slope_along t (bend_along t).
Proof.
  unfold slope_along, bend_along, square.
  apply (derivable_pt_lim_ext (fun t => (- a * s) * exp (- (x + t * s)) + (- c * t') * exp (- (y + t * t')) +
    (lambda * (fst d * fst w + snd d * snd w) + lambda * (fst d ^ 2 + snd d ^ 2) * t))); [intros; ring|].
  replace (a * s ^ 2 * exp (- (x + t * s)) + c * t' ^ 2 * exp (- (y + t * t')) + _) with
    ((- a * s) * (- s * exp (- (x + t * s))) + (- c * t') * (- t' * exp (- (y + t * t'))) +
     lambda * (fst d ^ 2 + snd d ^ 2)) by ring.
  apply (derivable_pt_lim_plus (fun t => (- a * s) * exp (- (x + t * s)) + (- c * t') * exp (- (y + t * t')))
    (fun t => lambda * (fst d * fst w + snd d * snd w) + lambda * (fst d ^ 2 + snd d ^ 2) * t)).
  - apply (derivable_pt_lim_plus (fun t => (- a * s) * exp (- (x + t * s))) (fun t => (- c * t') * exp (- (y + t * t')))).
    + apply (derivable_pt_lim_scal (fun t => exp (- (x + t * s)))), exp_line.
    + apply (derivable_pt_lim_scal (fun t => exp (- (y + t * t')))), exp_line.
  - apply affine_line.
Qed.
End Line.

(** Where the gradient of eq. (1) on the pair is 0. *)
Definition stationary (a c e lambda : R) (w : vector) : Prop :=
  lambda * fst w = a * exp (- x_of e w) + e * (c * exp (- y_of e w)) /\
  lambda * snd w = e * (a * exp (- x_of e w)) + c * exp (- y_of e w).
Definition determinant (a c e x y : R) : R :=
  let r := a * exp (-1 * x) in
  let s := c * exp (-1 * y) in
  (1 + (1 + e ^ 2) * r) * (1 + (1 + e ^ 2) * s) - (2 * e) ^ 2 * r * s.

Theorem gradient_of_pair a c e lambda w :
  (forall d, derivable_pt_lim (fun t => pair_loss a c e lambda (along w d t)) 0 (slope_along a c e lambda w d 0)) /\
  (stationary a c e lambda w <-> forall d, slope_along a c e lambda w d 0 = 0).
Proof.
  split; [intros; apply slope_right|]. unfold stationary, slope_along, x_of, y_of. split.
  - intros [E1 E2] [d1 d2]. cbn [fst snd] in *. rewrite !Rmult_0_l, !Rplus_0_r.
    set (A := exp _) in *. set (C := exp (- (e * fst w + snd w))) in *.
    transitivity (d1 * (lambda * fst w - (a * A + e * (c * C))) + d2 * (lambda * snd w - (e * (a * A) + c * C))); [ring|].
    rewrite E1, E2. ring.
  - intros S. assert (S1 := S (1, 0)). assert (S2 := S (0, 1)). cbn [fst snd] in *.
    rewrite !Rmult_0_l, !Rplus_0_r in *. lra.
Qed.

Lemma exp_neg x : exp (-1 * x) = exp (- x). Proof. f_equal. ring. Qed.

Theorem equations_of_pair a c e lambda w : 0 < lambda -> stationary a c e lambda w ->
  let r := a / lambda * exp (-1 * x_of e w) in let s := c / lambda * exp (-1 * y_of e w) in
  (1 + e ^ 2) * r + 2 * e * s = x_of e w /\ 2 * e * r + (1 + e ^ 2) * s = y_of e w.
Proof.
  intros L [E1 E2]. cbv zeta. rewrite !exp_neg. set (A := exp (- x_of e w)) in *. set (C := exp (- y_of e w)) in *.
  assert (F1 : fst w = a / lambda * A + e * (c / lambda * C)).
  { apply Rmult_eq_reg_l with lambda; [|lra]. rewrite E1. field. lra. }
  assert (F2 : snd w = e * (a / lambda * A) + c / lambda * C).
  { apply Rmult_eq_reg_l with lambda; [|lra]. rewrite E2. field. lra. }
  unfold x_of at 1, y_of at 1. split.
  - transitivity (fst w + e * snd w); [rewrite F1, F2; ring|reflexivity].
  - transitivity (e * fst w + snd w); [rewrite F1, F2; ring|reflexivity].
Qed.

(** What [pair_minimum] says is so at every local minimum of eq. (1) on the pair. *)
Theorem local_minimum_of_pair a c e lambda w : 0 < lambda -> local_minimum (pair_loss a c e lambda) w ->
  stationary a c e lambda w /\ pair_minimum (a / lambda) (c / lambda) e (x_of e w) (y_of e w).
Proof.
  intros L [dist [P M]].
  assert (O : forall d, slope_along a c e lambda w d 0 = 0 /\ 0 <= bend_along a c e lambda w d 0).
  { intros d. set (big := 1 + Rabs (fst d) + Rabs (snd d)).
    assert (B : 0 < big) by (pose proof (Rabs_pos (fst d)); pose proof (Rabs_pos (snd d)); unfold big; lra).
    apply (second_order (fun t => pair_loss a c e lambda (along w d t)) (slope_along a c e lambda w d) _ (dist / big)).
    - now apply Rdiv_lt_0_compat.
    - apply slope_right.
    - apply bend_right.
    - intros t T. assert (T' : Rabs t * big < dist).
      { apply Rmult_lt_reg_r with (/ big); [now apply Rinv_0_lt_compat|]. rewrite Rmult_assoc, Rinv_r, Rmult_1_r by lra. exact T. }
      pose proof (Rabs_pos t). pose proof (Rabs_pos (fst d)). pose proof (Rabs_pos (snd d)).
      replace (along w d 0) with w by (unfold along; rewrite !Rmult_0_l, !Rplus_0_r; now destruct w).
      apply M; unfold along; cbn [fst snd];
        [replace (fst w + t * fst d - fst w) with (t * fst d) by ring|replace (snd w + t * snd d - snd w) with (t * snd d) by ring];
        rewrite Rabs_mult; unfold big in *; nra. }
  assert (S : stationary a c e lambda w) by (apply gradient_of_pair; intros; apply O).
  split; trivial. destruct (equations_of_pair a c e lambda w L S) as [E1 E2].
  unfold pair_minimum. cbv zeta in *. split; [exact E1|split; [exact E2|]].
  set (r := a / lambda * exp (-1 * x_of e w)) in *. set (s := c / lambda * exp (-1 * y_of e w)) in *.
  assert (Q : forall d1 d2, 0 <= (1 + r + e ^ 2 * s) * d1 ^ 2 + 2 * (e * (r + s)) * d1 * d2 + (1 + e ^ 2 * r + s) * d2 ^ 2).
  { intros d1 d2. destruct (O (d1, d2)) as [_ B]. unfold bend_along, square in B. cbn [fst snd] in B.
    rewrite !Rmult_0_l, !Rplus_0_r in B. apply Rmult_le_reg_l with lambda; trivial. rewrite Rmult_0_r.
    replace (lambda * _) with (a * x_of e (d1, d2) ^ 2 * exp (- x_of e w) + c * y_of e (d1, d2) ^ 2 * exp (- y_of e w) +
      lambda * (d1 ^ 2 + d2 ^ 2)); trivial.
    unfold r, s. rewrite !exp_neg. unfold x_of at 1, y_of at 1. cbn [fst snd]. field. lra. }
  set (A := 1 + r + e ^ 2 * s) in *. set (B := e * (r + s)) in *. set (C := 1 + e ^ 2 * r + s) in *.
  replace ((1 + (1 + e ^ 2) * r) * (1 + (1 + e ^ 2) * s) - (2 * e) ^ 2 * r * s) with (A * C - B ^ 2) by (unfold A, B, C; ring).
  assert (PA := Q 1 0). assert (PC := Q 0 1). assert (QB := Q (- B) A).
  destruct (Rle_lt_or_eq_dec 0 A) as [A0|A0]; [lra| |].
  - assert (0 <= A * (A * C - B ^ 2)) by nra. nra.
  - rewrite <- A0 in *. destruct (Req_dec B 0) as [->|N]; [lra|]. exfalso.
    specialize (Q (- (C + 1) / (2 * B)) 1).
    replace (0 * (- (C + 1) / (2 * B)) ^ 2 + 2 * B * (- (C + 1) / (2 * B)) * 1 + C * 1 ^ 2) with (-1) in Q by (field; exact N). lra.
Qed.

(** L_D and L_R: a stationary point is the minimum, and no other point is as low. *)
Theorem minimum_of_pair a c e lambda w : 0 < lambda -> 0 <= a -> 0 <= c -> stationary a c e lambda w ->
  forall u, u <> w -> pair_loss a c e lambda w < pair_loss a c e lambda u.
Proof.
  intros L A C [E1 E2] u N. unfold pair_loss.
  assert (X : exp (- x_of e w) * (1 - (x_of e u - x_of e w)) <= exp (- x_of e u)).
  { replace (- x_of e u) with (- x_of e w + - (x_of e u - x_of e w)) by ring. rewrite exp_plus.
    apply Rmult_le_compat_l; [left; apply exp_pos|]. pose proof (exp_ge (- (x_of e u - x_of e w))). lra. }
  assert (Y : exp (- y_of e w) * (1 - (y_of e u - y_of e w)) <= exp (- y_of e u)).
  { replace (- y_of e u) with (- y_of e w + - (y_of e u - y_of e w)) by ring. rewrite exp_plus.
    apply Rmult_le_compat_l; [left; apply exp_pos|]. pose proof (exp_ge (- (y_of e u - y_of e w))). lra. }
  apply (Rmult_le_compat_l a) in X; trivial. apply (Rmult_le_compat_l c) in Y; trivial.
  set (EX := exp (- x_of e w)) in *. set (EY := exp (- y_of e w)) in *. set (UX := exp (- x_of e u)) in *.
  set (UY := exp (- y_of e u)) in *. unfold square, x_of, y_of in *. destruct w as [w1 w2], u as [u1 u2]. cbn [fst snd] in *.
  assert (D : 0 < (u1 - w1) ^ 2 + (u2 - w2) ^ 2).
  { pose proof (pow2_ge_0 (u1 - w1)). pose proof (pow2_ge_0 (u2 - w2)).
    destruct (Req_dec u1 w1) as [->|N1]; [destruct (Req_dec u2 w2) as [->|N2]; [congruence|]|].
    - assert (K := Rsqr_pos_lt (u2 - w2) ltac:(lra)). unfold Rsqr in K. lra.
    - assert (K := Rsqr_pos_lt (u1 - w1) ltac:(lra)). unfold Rsqr in K. lra. }
  apply (Rmult_lt_compat_l (lambda / 2)) in D; [|lra]. rewrite Rmult_0_r in D.
  assert (K : lambda / 2 * ((u1 - w1) ^ 2 + (u2 - w2) ^ 2) = lambda / 2 * (u1 ^ 2 + u2 ^ 2) - lambda / 2 * (w1 ^ 2 + w2 ^ 2)
    - (lambda * w1) * (u1 - w1) - (lambda * w2) * (u2 - w2)) by field.
  rewrite E1, E2 in K.
  replace (a * (EX * (1 - (u1 + e * u2 - (w1 + e * w2))))) with (a * EX - (a * EX) * (u1 + e * u2 - (w1 + e * w2))) in X by ring.
  replace (c * (EY * (1 - (e * u1 + u2 - (e * w1 + w2))))) with (c * EY - (c * EY) * (e * u1 + u2 - (e * w1 + w2))) in Y by ring.
  set (P := a * EX) in *. set (S := c * EY) in *. nra.
Qed.

(** From margins that solve the equations back to weights. *)
Theorem weights_of_pair a c e lambda x y : 0 < lambda -> pair_minimum (a / lambda) (c / lambda) e x y ->
  exists w, x_of e w = x /\ y_of e w = y /\ stationary a c e lambda w.
Proof.
  intros L [E1 [E2 _]]. cbv zeta in *. rewrite !exp_neg in *.
  set (r := a / lambda * exp (- x)) in *. set (s := c / lambda * exp (- y)) in *.
  exists (r + e * s, e * r + s). unfold x_of, y_of, stationary. cbn [fst snd].
  assert (X : r + e * s + e * (e * r + s) = x) by (rewrite <- E1; ring).
  assert (Y : e * (r + e * s) + (e * r + s) = y) by (rewrite <- E2; ring).
  split; [exact X|split; [exact Y|]]. unfold x_of, y_of. cbn [fst snd]. rewrite X, Y.
  unfold r, s. split; field; lra.
Qed.

(** L_DA, where the forget samples push up: a stationary point with a positive determinant is a local minimum. *)
Lemma form_nonnegative A B C h k : 0 <= A -> 0 <= C -> 0 <= A * C - B ^ 2 -> 0 <= A * h ^ 2 + 2 * B * h * k + C * k ^ 2.
Proof.
  intros PA PC D. destruct PA as [PA| <-].
  - apply Rmult_le_reg_l with A; trivial. rewrite Rmult_0_r.
    replace (A * (A * h ^ 2 + 2 * B * h * k + C * k ^ 2)) with ((A * h + B * k) ^ 2 + (A * C - B ^ 2) * k ^ 2) by ring.
    pose proof (pow2_ge_0 (A * h + B * k)). pose proof (pow2_ge_0 k). nra.
  - assert (B = 0) by nra. subst B. pose proof (pow2_ge_0 k). nra.
Qed.

Theorem local_minimum_when_strict a c e lambda w : 0 < lambda -> 0 < a -> c <= 0 -> stationary a c e lambda w ->
  0 < determinant (a / lambda) (c / lambda) e (x_of e w) (y_of e w) -> local_minimum (pair_loss a c e lambda) w.
Proof.
  intros L PA NC S D. destruct NC as [NC| ->].
  2: { exists 1. split; [lra|]. intros u _ _. destruct (Req_dec (fst u) (fst w)) as [E1|E1]; [destruct (Req_dec (snd u) (snd w)) as [E2|E2]|].
       - destruct u, w. cbn [fst snd] in *. subst. lra.
       - left. apply minimum_of_pair; try lra; trivial. congruence.
       - left. apply minimum_of_pair; try lra; trivial. congruence. }
  unfold determinant in D. cbv zeta in D. rewrite !exp_neg in D.
  set (r := a / lambda * exp (- x_of e w)) in *. set (s := c / lambda * exp (- y_of e w)) in *.
  assert (IL := Rinv_0_lt_compat _ L). assert (EX := exp_pos (- x_of e w)). assert (EY := exp_pos (- y_of e w)).
  assert (R0 : 0 < r) by (unfold r, Rdiv; apply Rmult_lt_0_compat; trivial; now apply Rmult_lt_0_compat).
  assert (S0 : s < 0) by (unfold s, Rdiv; assert (c * / lambda < 0) by nra; nra).
  set (p := 1 + e ^ 2) in *. set (q := 2 * e) in *. assert (P1 : 1 <= p) by (unfold p; pose proof (pow2_ge_0 e); lra).
  assert (PQ : q ^ 2 <= p ^ 2) by (unfold p, q; assert (0 <= (1 - e ^ 2) ^ 2) by apply pow2_ge_0; nra).
  set (m := p + (p ^ 2 - q ^ 2) * r) in *.
  assert (M1 : 1 <= m) by (unfold m; assert (0 <= (p ^ 2 - q ^ 2) * r) by (apply Rmult_le_pos; lra); lra).
  assert (D1 : 0 < 1 + p * r + s * m) by (unfold m; lra).
  (* The forget pull may be larger by a factor K > 1. *)
  set (K := (1 + p * r) / (- s * m)). assert (SM : 0 < - s * m) by (apply Rmult_lt_0_compat; lra).
  assert (K1 : 1 < K).
  { unfold K. apply Rmult_lt_reg_r with (- s * m); trivial. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  assert (Psd : forall k h1 h2, 1 <= k <= K -> 0 <= r * (h1 + e * h2) ^ 2 + k * s * (e * h1 + h2) ^ 2 + (h1 ^ 2 + h2 ^ 2)).
  { intros k h1 h2 [K0 K2]. set (A := 1 + r + e ^ 2 * (k * s)). set (B := e * (r + k * s)). set (C := 1 + e ^ 2 * r + k * s).
    replace (_ + _ + _) with (A * h1 ^ 2 + 2 * B * h1 * h2 + C * h2 ^ 2) by (unfold A, B, C; ring).
    assert (Dk : 0 <= A * C - B ^ 2).
    { replace (A * C - B ^ 2) with (1 + p * r + k * s * m) by (unfold A, B, C, m, p, q; ring).
      assert (k * (- s * m) <= K * (- s * m)) by (apply Rmult_le_compat_r; lra).
      replace (K * (- s * m)) with (1 + p * r) in H by (unfold K; field; lra). lra. }
    assert (T : A + C = 2 + p * (r + k * s)) by (unfold A, C, p; ring).
    assert (T0 : 0 < A + C).
    { destruct (Rlt_or_le 0 (A + C)) as [|N]; trivial. exfalso.
      replace (A * C - B ^ 2) with (1 + p * (r + k * s) + r * (k * s) * (p ^ 2 - q ^ 2)) in Dk by (unfold A, B, C, p, q; ring).
      assert (k * s < 0) by nra. assert (r * (k * s) * (p ^ 2 - q ^ 2) <= 0) by (assert (r * (k * s) <= 0) by nra; nra). lra. }
    assert (B2 := pow2_ge_0 B). assert (0 <= A * C) by lra.
    apply form_nonnegative; trivial; nra. }
  set (delta := ln K / 4). assert (LK : 0 < ln K) by (rewrite <- ln_1; apply ln_increasing; lra).
  assert (Wide : 0 < 1 + Rabs e) by (pose proof (Rabs_pos e); lra).
  exists (delta / (1 + Rabs e)). split; [apply Rdiv_lt_0_compat; unfold delta; lra|].
  intros u U1 U2. set (d := (fst u - fst w, snd u - snd w) : vector).
  assert (Eu : along w d 1 = u) by (unfold along, d; cbn [fst snd]; destruct u; cbn [fst snd]; f_equal; ring).
  assert (Ew : along w d 0 = w) by (unfold along; rewrite !Rmult_0_l, !Rplus_0_r; now destruct w).
  assert (Small : forall h1 h2, Rabs h1 < delta / (1 + Rabs e) -> Rabs h2 < delta / (1 + Rabs e) -> Rabs (h1 + e * h2) < delta).
  { intros h1 h2 H1 H2. pose proof (Rabs_triang h1 (e * h2)). rewrite Rabs_mult in H. pose proof (Rabs_pos e).
    assert (Rabs e * Rabs h2 <= Rabs e * (delta / (1 + Rabs e))) by (apply Rmult_le_compat_l; lra).
    replace delta with (delta / (1 + Rabs e) + Rabs e * (delta / (1 + Rabs e))) by (field; lra). lra. }
  assert (SX : Rabs (x_of e d) < delta) by (unfold x_of, d; cbn [fst snd]; now apply Small).
  assert (SY : Rabs (y_of e d) < delta) by (unfold y_of, d; cbn [fst snd]; rewrite Rplus_comm; now apply Small).
  apply Rabs_def2 in SX, SY.
  assert (Bend : forall t, 0 <= t <= 1 -> 0 <= bend_along a c e lambda w d t).
  { intros t T. unfold bend_along, square.
    set (gx := exp (- (t * x_of e d))). set (gy := exp (- (t * y_of e d))).
    replace (exp (- (x_of e w + t * x_of e d))) with (exp (- x_of e w) * gx) by (unfold gx; rewrite <- exp_plus; f_equal; ring).
    replace (exp (- (y_of e w + t * y_of e d))) with (exp (- y_of e w) * gy) by (unfold gy; rewrite <- exp_plus; f_equal; ring).
    replace (a * x_of e d ^ 2 * (exp (- x_of e w) * gx) + c * y_of e d ^ 2 * (exp (- y_of e w) * gy) + lambda * (fst d ^ 2 + snd d ^ 2))
      with (lambda * (gx * (r * x_of e d ^ 2) + gy * s * y_of e d ^ 2 + (fst d ^ 2 + snd d ^ 2))) by (unfold r, s; field; lra).
    assert (GX : exp (- delta) <= gx) by (unfold gx; left; apply exp_increasing; nra).
    assert (GY : gy <= exp delta) by (unfold gy; left; apply exp_increasing; nra).
    set (E := exp delta) in *. assert (E0 : 0 < E) by apply exp_pos.
    assert (E1 : 1 < E) by (unfold E; rewrite <- exp_0; apply exp_increasing; unfold delta; lra).
    assert (EE : E * exp (- delta) = 1) by (apply exp_opp_mult; ring).
    assert (E2 : E * E <= K).
    { unfold E. rewrite <- exp_plus. rewrite <- (exp_ln K) by lra. left. apply exp_increasing. unfold delta. lra. }
    assert (F := Psd (E * E) (fst d) (snd d) ltac:(split; [nra|exact E2])).
    fold (x_of e d) in F. change (e * fst d + snd d) with (y_of e d) in F.
    apply Rmult_le_pos; [lra|]. pose proof (pow2_ge_0 (x_of e d)) as SX2. pose proof (pow2_ge_0 (y_of e d)) as SY2.
    pose proof (pow2_ge_0 (fst d)). pose proof (pow2_ge_0 (snd d)).
    assert (I1 : exp (- delta) * (r * x_of e d ^ 2) <= gx * (r * x_of e d ^ 2)) by (apply Rmult_le_compat_r; [nra|exact GX]).
    assert (I2 : E * (s * y_of e d ^ 2) <= gy * (s * y_of e d ^ 2)) by (assert (s * y_of e d ^ 2 <= 0) by nra; nra).
    set (xd := x_of e d) in *. set (yd := y_of e d) in *. set (f := exp (- delta)) in *.
    assert (F1 : 0 <= f * (r * xd ^ 2 + E * E * s * yd ^ 2 + (fst d ^ 2 + snd d ^ 2))).
    { apply Rmult_le_pos; [left; apply exp_pos|exact F]. }
    replace (f * (r * xd ^ 2 + E * E * s * yd ^ 2 + (fst d ^ 2 + snd d ^ 2))) with
      (f * (r * xd ^ 2) + (E * f) * E * (s * yd ^ 2) + f * (fst d ^ 2 + snd d ^ 2)) in F1 by ring.
    rewrite EE in F1. assert (f <= 1) by nra. nra. }
  assert (Z : slope_along a c e lambda w d 0 = 0) by (now apply gradient_of_pair).
  destruct (MVT_cor2 (fun t => pair_loss a c e lambda (along w d t)) (slope_along a c e lambda w d) 0 1 ltac:(lra)) as [t [G [T0 T1]]];
    [intros; apply slope_right|]. cbv beta in G. rewrite Eu, Ew in G.
  destruct (MVT_cor2 (slope_along a c e lambda w d) (bend_along a c e lambda w d) 0 t T0) as [t' [G' [T2 T3]]];
    [intros; apply bend_right|]. rewrite Z in G'.
  assert (0 <= bend_along a c e lambda w d t' * (t - 0)) by (apply Rmult_le_pos; [apply Bend|]; lra). lra.
Qed.

(** Such a point is there wherever the forget pull is not too strong, so [pair_x] and [pair_y] may be those of minima of eq. (1). *)
Theorem pair_has_local_minimum a c e lambda : 0 < lambda -> 0 <= e -> 0 < a -> 0 < 1 + exp 1 * (1 + e ^ 2) * (c / lambda) ->
  exists w, local_minimum (pair_loss a c e lambda) w /\
    x_of e w = pair_x the_pair (a / lambda) (c / lambda) e /\ y_of e w = pair_y the_pair (a / lambda) (c / lambda) e.
Proof.
  intros L E A C. destruct (pair_minima_are_strict (a / lambda) (c / lambda) e E) as [P D]; trivial.
  { now apply Rdiv_lt_0_compat. }
  destruct (weights_of_pair a c e lambda _ _ L P) as [w [X [Y S]]]. exists w. split; [|auto].
  rewrite <- X, <- Y in D. destruct (Rle_or_lt c 0) as [N|N].
  - now apply local_minimum_when_strict.
  - exists 1. split; [lra|]. intros u _ _. destruct (Req_dec (fst u) (fst w)) as [E1|E1]; [destruct (Req_dec (snd u) (snd w)) as [E2|E2]|].
    + destruct u, w. cbn [fst snd] in *. subst. lra.
    + left. apply minimum_of_pair; trivial; try lra. congruence.
    + left. apply minimum_of_pair; trivial; try lra. congruence.
Qed.

(** Lemma 6 from eq. (1): the closed form is the minimum of L_R on the pair. *)
Theorem lemma_6_from_the_loss n_retain lambda e kept : 0 < n_retain -> 0 < lambda -> (0 < kept)%nat ->
  let a := INR kept / (lambda * n_retain) in
  let x := W0 ((1 + e ^ 2) * a) in
  let w := (x / (1 + e ^ 2), e * x / (1 + e ^ 2)) : vector in
  x_of e w = x /\ y_of e w = 2 * e / (1 + e ^ 2) * x /\
  forall u, u <> w -> L_R n_retain lambda e kept w < L_R n_retain lambda e kept u.
Proof.
  intros N L K a x w. assert (P : 0 < 1 + e ^ 2) by (pose proof (pow2_ge_0 e); lra).
  assert (X : x_of e w = x) by (unfold x_of, w; cbn [fst snd]; field; lra).
  split; [exact X|]. split; [unfold y_of, w; cbn [fst snd]; field; lra|].
  assert (A : 0 < INR kept / n_retain) by (apply Rdiv_lt_0_compat; trivial; now apply lt_0_INR).
  intros u U. rewrite !L_R_is. apply minimum_of_pair; trivial; try lra.
  assert (Z : 0 < (1 + e ^ 2) * a).
  { apply Rmult_lt_0_compat; trivial. unfold a. apply Rdiv_lt_0_compat; [now apply lt_0_INR|now apply Rmult_lt_0_compat]. }
  destruct (W0_spec ((1 + e ^ 2) * a)) as [_ E]; [pose proof (exp_pos 1); nra|]. fold x in E.
  assert (F : x = (1 + e ^ 2) * a * exp (- x)).
  { rewrite <- E. rewrite Rmult_assoc, (exp_opp_mult x (- x)) by ring. ring. }
  unfold stationary. rewrite X. unfold w. cbn [fst snd].
  assert (G : lambda * (x / (1 + e ^ 2)) = INR kept / n_retain * exp (- x)).
  { rewrite F at 1. unfold a. field. lra. }
  split; [rewrite G; ring|]. replace (lambda * (e * x / (1 + e ^ 2))) with (e * (lambda * (x / (1 + e ^ 2)))) by (field; lra).
  rewrite G. ring.
Qed.
