(** Lemma 3, its refuted range and early stopping, of data sets and of the gradient flow of eq. (1), from Theorems.v. *)
From Coq Require Import Reals List Lra Lia Psatz Ranalysis.
From Ascent Require Import Lambert Losses Statements.
From Ascent Require Theorems.
Import ListNotations.
Open Scope R_scope.

(** Lemma 2's solutions on coordinate j of a data set (Losses.v: where they are minima). *)
Definition w_D retain forget lambda j : R := W0 (c_D retain forget j / lambda).
Definition w_R retain lambda j : R := W0 (c_R retain j / lambda).
Definition w_DA retain forget lambda j : R := W0 (c_DA retain forget j / lambda).

Section Coordinate.
Variables (retain forget : list nat) (j : nat) (lambda alpha : R).
Hypothesis HL : 0 < lambda.
Hypothesis HR : retain <> [].
Hypothesis HF : forget <> [].
Hypothesis HJ : 0 < on retain j.
Hypothesis HA : on forget j = alpha * on retain j.

Lemma alpha_at_least_0 : 0 <= alpha.
Proof. assert (P : 0 <= on forget j) by apply pos_INR. rewrite HA in P. destruct (Rle_or_lt 0 alpha); trivial. nra. Qed.
Lemma closed_forms : let n_retain := size retain in let n_forget := size forget in
  w_D retain forget lambda j = @w_pretrained n_retain n_forget lambda (on retain j) alpha /\
  w_R retain lambda j = @w_retrained n_retain lambda (on retain j) /\
  w_DA retain forget lambda j = @w_da n_retain n_forget lambda (on retain j) alpha.
Proof.
  destruct (arguments retain forget j alpha lambda HL HR HF HA) as [D [R DA]].
  assert (N := size_pos retain HR). assert (M := size_pos forget HF). cbv zeta. unfold w_D, w_R, w_DA. rewrite D, R, DA.
  unfold w_pretrained, w_retrained, w_da, z_pretrained, z_retrained, z_da, n_total, n_retain, n_forget, ridge, n_group, Statements.alpha.
  repeat split; f_equal; field; lra.
Qed.

(** App. E: (w^DA - w^D)(w^D - w^R) ≥ 0 for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|. *)
Theorem lemma_3 : size forget ^ 2 / (size retain * (size retain + size forget + size forget)) <= alpha <= size forget / size retain ->
  (w_DA retain forget lambda j - w_D retain forget lambda j) * (w_D retain forget lambda j - w_R retain lambda j) >= 0.
Proof.
  intros [A B]. assert (N := size_pos retain HR). assert (M := size_pos forget HF).
  destruct closed_forms as [-> [-> ->]].
  assert (T : @turning (size retain) (size forget) <= alpha).
  { unfold turning, n_retain, n_forget. eapply Rle_trans; [|exact A]. right. field. lra. }
  destruct (Theorems.Da_farthest.opposite_directions_true_1_proved (size retain) (size forget) lambda (on retain j) alpha N M HL HJ T B)
    as [_ [_ [_ [_ [_ [_ [_ K]]]]]]]. nra.
Qed.

(** §1, contribution 4, by gradient flow: on a coordinate of that range no stopping time is closer to the oracle than w^D. *)
Theorem no_stopping_time_helps (w : R -> R) : w 0 = w_D retain forget lambda j ->
  (forall t, 0 <= t -> derivable_pt_lim w t (- gradient (c_DA retain forget j) lambda (w t))) ->
  size forget ^ 2 / (size retain * (size retain + size forget + size forget)) <= alpha <= size forget / size retain ->
  forall t, 0 <= t -> Rabs (w_D retain forget lambda j - w_R retain lambda j) <= Rabs (w t - w_R retain lambda j).
Proof.
  intros S F [A B] t P. assert (N := size_pos retain HR). assert (M := size_pos forget HF).
  destruct closed_forms as [ED [ER EDA]]. cbv zeta in *.
  assert (T : @turning (size retain) (size forget) <= alpha).
  { unfold turning, n_retain, n_forget. eapply Rle_trans; [|exact A]. right. field. lra. }
  destruct (Theorems.Da_farthest.farthest_true_1_proved (size retain) (size forget) lambda (on retain j) alpha N M HL HJ T B)
    as [_ [_ [_ [_ [_ [_ K1]]]]]].
  destruct (Theorems.Da_farthest.farthest_true_2_proved (size retain) (size forget) lambda (on retain j) alpha N M HL HJ T B)
    as [_ [_ [_ [_ [_ K2]]]]].
  rewrite <- ED, <- EDA in K1. rewrite <- ED, <- ER in K2.
  set (top := w_D retain forget lambda j) in *. set (c := c_DA retain forget j) in *.
  assert (C : 0 <= c).
  { unfold c, c_DA. rewrite HA. replace (on retain j / size retain - alpha * on retain j / size forget) with
      (on retain j / size forget * (size forget / size retain - alpha)) by (field; lra).
    apply Rmult_le_pos; [left; now apply Rdiv_lt_0_compat|lra]. }
  assert (Z : 0 <= c / lambda) by (apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat]; lra).
  destruct (W0_spec (c / lambda)) as [WB WE]; [pose proof (exp_pos 1); nra|].
  assert (Down : forall x, top < x -> 0 < gradient c lambda x).
  { intros x X. rewrite gradient_sign by assumption. pose proof (exp_pos (- x)). apply Rmult_lt_0_compat; [now apply Rmult_lt_0_compat|].
    fold (w_DA retain forget lambda j) in WB, WE. unfold w_DA in *. fold c in WB, WE, K1.
    assert (xexp (W0 (c / lambda)) < xexp x) by (apply xexp_increasing; lra). unfold xexp in *. lra. }
  enough (w t <= top) by (rewrite !Rabs_left1 by lra; lra).
  (* The square of what w is above w^D has derivative ≤ 0. *)
  assert (Sq : forall x, derivable_pt_lim (fun x => Rmax 0 (x - top) ^ 2) x (2 * Rmax 0 (x - top))).
  { intros x eps E. exists (mkposreal eps E). intros h H0 H1. simpl in H1.
    assert (Q : Rabs (Rmax 0 (x + h - top) ^ 2 - Rmax 0 (x - top) ^ 2 - h * (2 * Rmax 0 (x - top))) <= h ^ 2).
    { apply Rabs_le. unfold Rmax. destruct (Rle_dec 0 (x + h - top)), (Rle_dec 0 (x - top)); nra. }
    replace ((Rmax 0 (x + h - top) ^ 2 - Rmax 0 (x - top) ^ 2) / h - 2 * Rmax 0 (x - top)) with
      ((Rmax 0 (x + h - top) ^ 2 - Rmax 0 (x - top) ^ 2 - h * (2 * Rmax 0 (x - top))) / h) by (field; exact H0).
    unfold Rdiv. rewrite Rabs_mult, Rabs_inv. assert (HP := Rabs_pos_lt h H0).
    apply Rle_lt_trans with (h ^ 2 * / Rabs h); [apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|exact Q]|].
    rewrite <- (pow2_abs h). replace (Rabs h ^ 2 * / Rabs h) with (Rabs h) by (field; lra). exact H1. }
  destruct (Req_dec t 0) as [->|T0]; [lra|].
  destruct (MVT_cor2 (fun s => Rmax 0 (w s - top) ^ 2) (fun s => 2 * Rmax 0 (w s - top) * - gradient c lambda (w s)) 0 t ltac:(lra))
    as [s [G [S0 S1]]].
  { intros s I. apply (derivable_pt_lim_comp w (fun x => Rmax 0 (x - top) ^ 2)); [apply F; lra|apply Sq]. }
  cbv beta in G. rewrite S in G. replace (top - top) with 0 in G by ring. rewrite (Rmax_left 0 0) in G by lra.
  assert (0 <= Rmax 0 (w s - top) * gradient c lambda (w s)).
  { unfold Rmax. destruct (Rle_dec 0 (w s - top)) as [[L|L]|L]; [|rewrite <- L; lra|lra].
    apply Rmult_le_pos; [lra|left; apply Down; lra]. }
  assert (U : Rmax 0 (w t - top) ^ 2 <= 0) by nra.
  assert (V := Rmax_r 0 (w t - top)). assert (V' := Rmax_l 0 (w t - top)). nra.
Qed.
End Coordinate.

(** §5.1.1: 'the lemma holds for α ≤ |F|/|R|': not on the data set with two retain samples, one on each of two coordinates, and one
    forget sample on the second: on the first coordinate α = 0. *)
Theorem main_text_range_fails_on_a_data_set : ~ forall retain forget j lambda alpha, 0 < lambda -> retain <> [] -> forget <> [] ->
  0 < on retain j -> on forget j = alpha * on retain j -> alpha <= size forget / size retain ->
  (w_DA retain forget lambda j - w_D retain forget lambda j) * (w_D retain forget lambda j - w_R retain lambda j) >= 0.
Proof.
  intros H. assert (J : 0 < on [0; 1]%nat 0) by (unfold on; simpl; lra). assert (A : on [1]%nat 0 = 0 * on [0; 1]%nat 0) by (unfold on; simpl; lra).
  assert (L : 0 < 1) by lra. assert (B : 0 <= size [1]%nat / size [0; 1]%nat) by (unfold size; simpl; lra).
  specialize (H [0; 1]%nat [1]%nat 0%nat 1 0 L ltac:(congruence) ltac:(congruence) J A B).
  destruct (closed_forms [0; 1]%nat [1]%nat 0 1 0 L ltac:(congruence) ltac:(congruence) A) as [-> [-> ->]] in H.
  assert (N := size_pos [0; 1]%nat ltac:(congruence)). assert (M := size_pos [1]%nat ltac:(congruence)).
  assert (T : 0 < @turning (size [0; 1]%nat) (size [1]%nat)) by (unfold turning, n_retain, n_forget, size; simpl; lra).
  destruct (Theorems.Da_farthest.opposite_directions_true_2_proved _ _ 1 _ 0 N M L J (Rle_refl 0) T) as [_ [_ [_ [_ [_ [_ [_ K]]]]]]]. nra.
Qed.

(** §5.1.1: 'the DA solution is always farthest away from the oracle solution': on that data set it is the oracle solution there. *)
Theorem always_farthest_fails_on_a_data_set : ~ forall retain forget j lambda alpha, 0 < lambda -> retain <> [] -> forget <> [] ->
  0 < on retain j -> on forget j = alpha * on retain j -> alpha <= size forget / size retain ->
  Rabs (w_D retain forget lambda j - w_R retain lambda j) <= Rabs (w_DA retain forget lambda j - w_R retain lambda j).
Proof.
  intros H. assert (J : 0 < on [0; 1]%nat 0) by (unfold on; simpl; lra). assert (A : on [1]%nat 0 = 0 * on [0; 1]%nat 0) by (unfold on; simpl; lra).
  assert (L : 0 < 1) by lra. assert (B : 0 <= size [1]%nat / size [0; 1]%nat) by (unfold size; simpl; lra).
  specialize (H [0; 1]%nat [1]%nat 0%nat 1 0 L ltac:(congruence) ltac:(congruence) J A B).
  assert (E : w_DA [0; 1]%nat [1]%nat 1 0 = w_R [0; 1]%nat 1 0).
  { unfold w_DA, w_R, c_DA, c_R. rewrite A. do 2 f_equal. unfold Rdiv. ring. }
  rewrite E, Rminus_eq_0, Rabs_R0 in H.
  destruct (closed_forms [0; 1]%nat [1]%nat 0 1 0 L ltac:(congruence) ltac:(congruence) A) as [ED [ER EDA]]. cbv zeta in *.
  assert (N := size_pos [0; 1]%nat ltac:(congruence)). assert (M := size_pos [1]%nat ltac:(congruence)).
  assert (T : 0 < @turning (size [0; 1]%nat) (size [1]%nat)) by (unfold turning, n_retain, n_forget, size; simpl; lra).
  destruct (Theorems.Da_farthest.opposite_directions_true_2_proved _ _ 1 _ 0 N M L J (Rle_refl 0) T) as [_ [_ [_ [_ [_ [_ [_ K]]]]]]].
  rewrite <- ED, <- ER in K. pose proof (Rabs_pos (w_D [0; 1]%nat [1]%nat 1 0 - w_R [0; 1]%nat 1 0)).
  assert (D : w_D [0; 1]%nat [1]%nat 1 0 - w_R [0; 1]%nat 1 0 = 0).
  { destruct (Req_dec (w_D [0; 1]%nat [1]%nat 1 0 - w_R [0; 1]%nat 1 0) 0) as [|Z]; trivial. pose proof (Rabs_pos_lt _ Z). lra. }
  nra.
Qed.
