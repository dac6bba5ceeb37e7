(** Lemmas 1 and 11 with their probabilities, for variables with finitely many values: the inequalities between reals are those of
    Theorems.v, the facts of probability that join them are proved here. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Ascent Require Statements Theorems.
Import ListNotations.
Open Scope R_scope.

(** A law: probabilities with values. *)
Definition law := list (R * R).
Fixpoint mean (f : R -> R) (X : law) : R :=
  match X with [] => 0 | (p, x) :: X' => p * f x + mean f X' end.
Definition is_law (X : law) : Prop := Forall (fun v => 0 <= fst v) X /\ mean (fun _ => 1) X = 1.

(** A variable Z with values in [a, b]. *)
Record variable := { low : R; high : R; values : law }.
Definition ranged (Z : variable) : Prop :=
  is_law (values Z) /\ low Z <= high Z /\ Forall (fun v => low Z <= snd v <= high Z) (values Z).

(** The mean of f(Z_1 + … + Z_n) for independent variables: over the values of each, whatever the others are. *)
Fixpoint mean_of_sum (f : R -> R) (Zs : list variable) : R :=
  match Zs with [] => f 0 | Z :: Zs' => mean (fun z => mean_of_sum (fun s => f (z + s)) Zs') (values Z) end.
Definition expectation (Zs : list variable) : R := mean_of_sum (fun s => s) Zs.
Fixpoint squared_widths (Zs : list variable) : R :=
  match Zs with [] => 0 | Z :: Zs' => (high Z - low Z) ^ 2 + squared_widths Zs' end.
Definition probability_at_least (d : R) (Zs : list variable) : R :=
  mean_of_sum (fun s => if Rle_dec d (Rabs (s - expectation Zs)) then 1 else 0) Zs.

Lemma mean_ext f g X : (forall x, f x = g x) -> mean f X = mean g X.
Proof. intros E. induction X as [|[p x] X IH]; simpl; [reflexivity|]. now rewrite E, IH. Qed.
Lemma mean_le f g X : Forall (fun v => 0 <= fst v) X -> Forall (fun v => f (snd v) <= g (snd v)) X -> mean f X <= mean g X.
Proof.
  intros P L. induction X as [|[p x] X IH]; simpl; [lra|]. inversion P; inversion L; subst. simpl in *.
  apply Rplus_le_compat; [now apply Rmult_le_compat_l|now apply IH].
Qed.
Lemma mean_scale c f X : mean (fun x => c * f x) X = c * mean f X.
Proof. induction X as [|[p x] X IH]; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma mean_plus f g X : mean (fun x => f x + g x) X = mean f X + mean g X.
Proof. induction X as [|[p x] X IH]; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma mean_shift c X : is_law X -> mean (fun x => c + x) X = c + mean (fun x => x) X.
Proof.
  intros [_ M]. rewrite (mean_ext _ (fun x => c * 1 + x)) by (intros; ring).
  rewrite (mean_plus (fun _ => c * 1)), (mean_scale c (fun _ => 1)), M. ring.
Qed.

Lemma sum_ext f g Zs : (forall s, f s = g s) -> mean_of_sum f Zs = mean_of_sum g Zs.
Proof. revert f g. induction Zs as [|Z Zs IH]; simpl; intros f g E; [apply E|]. apply mean_ext. intros x. apply IH. intros s. apply E. Qed.
Lemma sum_le f g Zs : Forall ranged Zs -> (forall s, f s <= g s) -> mean_of_sum f Zs <= mean_of_sum g Zs.
Proof.
  revert f g. induction Zs as [|Z Zs IH]; simpl; intros f g A E; [apply E|]. inversion A as [|? ? [[P _] _] B]; subst.
  apply mean_le; trivial. apply Forall_forall. intros v _. apply IH; auto.
Qed.
Lemma sum_scale c f Zs : mean_of_sum (fun s => c * f s) Zs = c * mean_of_sum f Zs.
Proof.
  revert f. induction Zs as [|Z Zs IH]; simpl; intros f; [reflexivity|]. rewrite <- mean_scale. apply mean_ext.
  intros x. apply (IH (fun s => f (x + s))).
Qed.
Lemma sum_plus f g Zs : mean_of_sum (fun s => f s + g s) Zs = mean_of_sum f Zs + mean_of_sum g Zs.
Proof.
  revert f g. induction Zs as [|Z Zs IH]; simpl; intros f g; [reflexivity|]. rewrite <- mean_plus. apply mean_ext.
  intros x. apply (IH (fun s => f (x + s)) (fun s => g (x + s))).
Qed.
Lemma sum_shift c Zs : Forall ranged Zs -> mean_of_sum (fun s => c + s) Zs = c + expectation Zs.
Proof.
  unfold expectation. revert c. induction Zs as [|Z Zs IH]; simpl; intros c A; [ring|]. inversion A as [|? ? [L _] B]; subst.
  rewrite (mean_ext _ (fun x => (c + mean_of_sum (fun s => s) Zs) + x)).
  2: { intros x. rewrite (sum_ext _ (fun s => (c + x) + s)) by (intros; ring). rewrite IH by assumption. ring. }
  rewrite (mean_ext (fun z => mean_of_sum (fun s => z + s) Zs) (fun x => mean_of_sum (fun s => s) Zs + x)).
  2: { intros x. rewrite IH by assumption. ring. }
  rewrite !mean_shift by assumption. ring.
Qed.
(** The expectation of a sum is the sum of the expectations. *)
Lemma expectation_of_sum Z Zs : ranged Z -> Forall ranged Zs ->
  expectation (Z :: Zs) = mean (fun z => z) (values Z) + expectation Zs.
Proof.
  intros [L _] A. unfold expectation at 1. simpl.
  rewrite (mean_ext _ (fun x => expectation Zs + x)) by (intros; rewrite sum_shift by assumption; ring).
  rewrite mean_shift by assumption. ring.
Qed.

(** One variable: E e^{hZ} ≤ e^{h·EZ + h²(b-a)²/8}. *)
Lemma one_variable h Z : 0 <= h -> ranged Z ->
  mean (fun z => exp (h * z)) (values Z) <= exp (h * mean (fun z => z) (values Z) + 1 / 8 * h ^ 2 * (high Z - low Z) ^ 2).
Proof.
  intros H [[P M] [O B]]. set (X := values Z) in *. set (a := low Z) in *. set (b := high Z) in *.
  assert (Mean : a <= mean (fun z => z) X <= b).
  { split.
    - apply Rle_trans with (mean (fun _ => a * 1) X); [rewrite (mean_scale a (fun _ => 1)), M; lra|].
      apply mean_le; trivial. eapply Forall_impl; [|exact B]. simpl. intros; lra.
    - apply Rle_trans with (mean (fun _ => b * 1) X); [|rewrite (mean_scale b (fun _ => 1)), M; lra].
      apply mean_le; trivial. eapply Forall_impl; [|exact B]. simpl. intros; lra. }
  set (m := mean (fun z => z) X) in *. destruct O as [O|O].
  - set (w := b - a). assert (W : 0 < w) by (unfold w; lra).
    set (p := (m - a) / w). assert (P1 : p * w = m - a) by (unfold p; field; lra).
    assert (P0 : 0 <= p <= 1) by (split; apply Rmult_le_reg_r with w; trivial; rewrite P1; unfold w; lra).
    assert (HW : 0 <= h * w) by (apply Rmult_le_pos; lra).
    apply Rle_trans with (exp (h * a) * (1 + p * -1 + p * exp (h * w))).
    + apply Rle_trans with (mean (fun z => exp (h * a) * (1 + (z - a) / w * (exp (h * w) - 1))) X).
      * apply mean_le; trivial. eapply Forall_impl; [|exact B]. intros [q z] [Z1 Z2]. cbn [snd] in *.
        set (t := (z - a) / w). assert (T : t * w = z - a) by (unfold t; field; lra).
        assert (T0 : 0 <= t <= 1) by (split; apply Rmult_le_reg_r with w; trivial; rewrite T; unfold w; lra).
        assert (K := Theorems.Lemma_11.bound_printed_1_proved t (h * w) (proj1 T0) (proj2 T0) HW).
        replace (h * z) with (h * a + h * w * t) by (rewrite <- (Rmult_comm t), (Rmult_comm h w), <- Rmult_assoc, T; ring).
        rewrite exp_plus. apply Rmult_le_compat_l; [left; apply exp_pos|]. lra.
      * right. rewrite (mean_scale (exp (h * a)) (fun z => 1 + (z - a) / w * (exp (h * w) - 1))). f_equal.
        rewrite (mean_ext _ (fun z => (1 - a / w * (exp (h * w) - 1)) * 1 + (/ w * (exp (h * w) - 1)) * z)) by (intros; field; lra).
        rewrite (mean_plus (fun _ => _ * 1)), (mean_scale _ (fun _ => 1)), (mean_scale _ (fun z => z)), M. fold m.
        unfold p. field. lra.
    + destruct (Theorems.Lemma_11.bound_printed_2_proved p (h * w) (proj1 P0) (proj2 P0) HW) as [Q K].
      replace (exp (h * m + 1 / 8 * h ^ 2 * w ^ 2)) with (exp (h * a) * exp (h * w * (p + 1 / 8 * (h * w)))).
      * apply Rmult_le_compat_l; [left; apply exp_pos|]. rewrite <- (exp_ln (1 + p * -1 + p * exp (h * w))) by exact Q.
        destruct K as [K| ->]; [left; now apply exp_increasing|lra].
      * rewrite <- exp_plus. f_equal. replace (h * w * (p + 1 / 8 * (h * w))) with (h * (p * w) + 1 / 8 * h ^ 2 * w ^ 2) by ring.
        rewrite P1. ring.
  - rewrite <- O in *. replace (a - a) with 0 by ring. assert (E : m = a) by lra.
    apply Rle_trans with (mean (fun _ => exp (h * a) * 1) X).
    + apply mean_le; trivial. eapply Forall_impl; [|exact B]. intros [q z] Y. simpl in *. replace z with a by lra. lra.
    + rewrite (mean_scale (exp (h * a)) (fun _ => 1)), M, E. right. rewrite Rmult_1_r. f_equal. ring.
Qed.

Lemma all_variables h Zs : 0 <= h -> Forall ranged Zs -> forall c,
  mean_of_sum (fun s => exp (h * (c + s))) Zs <= exp (h * (c + expectation Zs) + 1 / 8 * h ^ 2 * squared_widths Zs).
Proof.
  intros H. induction Zs as [|Z Zs IH]; intros A c.
  - unfold expectation. simpl. right. f_equal. ring.
  - inversion A as [|? ? R B]; subst. specialize (IH B). rewrite expectation_of_sum by assumption.
    cbn [mean_of_sum squared_widths]. set (E := expectation Zs) in *. set (W := squared_widths Zs) in *.
    apply Rle_trans with (mean (fun z => exp (h * (c + E) + 1 / 8 * h ^ 2 * W) * exp (h * z)) (values Z)).
    + destruct R as [[P _] _]. apply mean_le; trivial. apply Forall_forall. intros [q z] _. cbn [snd].
      rewrite (sum_ext _ (fun s => exp (h * ((c + z) + s)))) by (intros; do 2 f_equal; ring).
      eapply Rle_trans; [apply IH|]. right. rewrite <- exp_plus. f_equal. ring.
    + rewrite (mean_scale _ (fun z => exp (h * z))). eapply Rle_trans; [apply Rmult_le_compat_l; [left; apply exp_pos|apply one_variable; eassumption]|].
      right. rewrite <- exp_plus. f_equal. ring.
Qed.

(** From above: P(S - ES ≥ nt) ≤ e^{-2n²t²/Σ(b-a)²}, by Markov's inequality at h = 4nt/Σ(b-a)². *)
Lemma from_above Zs n t : Forall ranged Zs -> 0 < squared_widths Zs -> 1 <= n -> 0 < t ->
  mean_of_sum (fun s => if Rle_dec (n * t) (s - expectation Zs) then 1 else 0) Zs <= exp (-2 * n ^ 2 * t ^ 2 / squared_widths Zs).
Proof.
  intros A W N T. set (w := squared_widths Zs) in *. set (E := expectation Zs). set (h := n * t * 4 / w).
  assert (H : 0 <= h) by (unfold h; left; apply Rdiv_lt_0_compat; nra).
  apply Rle_trans with (mean_of_sum (fun s => exp (- (h * (n * t))) * exp (h * (- E + s))) Zs).
  - apply sum_le; trivial. intros s. rewrite <- exp_plus. destruct (Rle_dec (n * t) (s - E)) as [L|L]; [|left; apply exp_pos].
    rewrite <- exp_0 at 1. assert (0 <= h * (s - E - n * t)) by (apply Rmult_le_pos; lra).
    replace (- (h * (n * t)) + h * (- E + s)) with (h * (s - E - n * t)) by ring.
    destruct H0 as [G| <-]; [left; now apply exp_increasing|lra].
  - rewrite (sum_scale _ (fun s => exp (h * (- E + s)))).
    eapply Rle_trans; [apply Rmult_le_compat_l; [left; apply exp_pos|apply (all_variables h Zs H A)]|]. fold E w.
    rewrite <- exp_plus. right. f_equal.
    destruct (Theorems.Lemma_1.other_metrics_true_1_proved w n t h W N T (Rle_refl _) (Rle_refl _)) as [_ K].
    replace (-2 * n ^ 2 * t ^ 2 / w) with (-2 * n ^ 2 / w * t ^ 2) by (field; lra). rewrite <- K. ring.
Qed.

(** From below, by -Z. *)
Definition opposite (Z : variable) : variable :=
  {| low := - high Z; high := - low Z; values := map (fun v => (fst v, - snd v)) (values Z) |}.
Lemma mean_opposite f Z : mean f (values (opposite Z)) = mean (fun z => f (- z)) (values Z).
Proof. unfold opposite. cbn [values]. induction (values Z) as [|[p x] X IH]; simpl; [reflexivity|]. now rewrite IH. Qed.
Lemma sum_opposite f Zs : mean_of_sum f (map opposite Zs) = mean_of_sum (fun s => f (- s)) Zs.
Proof.
  revert f. induction Zs as [|Z Zs IH]; intros f; cbn [map mean_of_sum]; [f_equal; ring|].
  rewrite mean_opposite. apply mean_ext. intros x. rewrite IH. apply sum_ext. intros. f_equal. ring.
Qed.
Lemma ranged_opposite Z : ranged Z -> ranged (opposite Z).
Proof.
  intros [[P M] [O B]]. repeat split; [|rewrite mean_opposite; exact M|unfold opposite; simpl; lra|];
    unfold opposite; cbn [values low high]; apply Forall_map; [exact P|].
  eapply Forall_impl; [|exact B]. simpl. intros; lra.
Qed.
Lemma widths_opposite Zs : squared_widths (map opposite Zs) = squared_widths Zs.
Proof. induction Zs as [|Z Zs IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

(** Lemma 11: P(|S_n - E S_n| ≥ nt) ≤ 2·exp(-2n²t²/Σ(b_i - a_i)²). Where all ranges are single points the bound has no meaning. *)
Theorem lemma_11 Zs t : Forall ranged Zs -> 0 < squared_widths Zs -> 0 < t ->
  let n := INR (length Zs) in
  probability_at_least (n * t) Zs <= 2 * exp (-2 * n ^ 2 * t ^ 2 / squared_widths Zs).
Proof.
  intros A W T n. assert (N : 1 <= n).
  { unfold n. destruct Zs; [simpl in W; lra|]. change 1 with (INR 1). apply le_INR. simpl. lia. }
  assert (A' : Forall ranged (map opposite Zs)) by (apply Forall_map; eapply Forall_impl; [|exact A]; apply ranged_opposite).
  assert (U := from_above Zs n t A W N T).
  assert (V := from_above (map opposite Zs) n t A' ltac:(rewrite widths_opposite; exact W) N T).
  rewrite widths_opposite, sum_opposite in V.
  assert (E : expectation (map opposite Zs) = - expectation Zs).
  { unfold expectation. rewrite sum_opposite. rewrite (sum_ext _ (fun s => -1 * s)) by (intros; ring).
    rewrite (sum_scale (-1) (fun s => s)). ring. }
  rewrite E in V. unfold probability_at_least.
  apply Rle_trans with (mean_of_sum (fun s => (if Rle_dec (n * t) (s - expectation Zs) then 1 else 0) +
    (if Rle_dec (n * t) (- s - - expectation Zs) then 1 else 0)) Zs).
  - apply sum_le; trivial. intros s. destruct (Rle_dec (n * t) (Rabs (s - expectation Zs))) as [L|L].
    + destruct (Rle_dec (n * t) (s - expectation Zs)) as [L1|L1]; [destruct (Rle_dec _ (- s - - _)); lra|].
      destruct (Rle_dec (n * t) (- s - - expectation Zs)) as [L2|L2]; [lra|]. exfalso. unfold Rabs in L.
      destruct (Rcase_abs (s - expectation Zs)); lra.
    + destruct (Rle_dec (n * t) (s - _)), (Rle_dec _ (- s - - _)); lra.
  - rewrite (sum_plus (fun s => if Rle_dec (n * t) (s - expectation Zs) then 1 else 0)). lra.
Qed.

(** Lemma 1, for a model that does not depend on F: each of the |F| samples is drawn from the population and is classified
    correctly with probability Acc_T; then P(|Acc_T - Acc_F| ≥ ε) ≤ 2·exp(-2|F|ε²). *)
Definition correct (accuracy : R) : variable := {| low := 0; high := 1; values := [(accuracy, 1); (1 - accuracy, 0)] |}.
Theorem lemma_1 accuracy n eps : 0 <= accuracy <= 1 -> (0 < n)%nat -> 0 < eps ->
  expectation (repeat (correct accuracy) n) = INR n * accuracy /\
  probability_at_least (INR n * eps) (repeat (correct accuracy) n) <= 2 * exp (-2 * INR n * eps ^ 2).
Proof.
  intros B N P. assert (R : ranged (correct accuracy)).
  { unfold ranged, is_law, correct. cbn [values low high mean].
    repeat (apply conj || apply Forall_cons || apply Forall_nil); cbn [fst snd]; lra. }
  assert (A : Forall ranged (repeat (correct accuracy) n)) by (apply Forall_forall; intros v I; apply repeat_spec in I; now subst).
  assert (W : squared_widths (repeat (correct accuracy) n) = INR n).
  { clear A N. induction n as [|n IH]; [reflexivity|]. rewrite S_INR. simpl. rewrite IH. ring. }
  assert (PN := lt_0_INR n N). split.
  - clear W PN N. induction n as [|n IH]; [unfold expectation; simpl; ring|]. rewrite S_INR. cbn [repeat] in *. inversion A; subst.
    rewrite expectation_of_sum, IH by assumption. simpl. ring.
  - assert (K := lemma_11 (repeat (correct accuracy) n) eps A ltac:(rewrite W; exact PN) P). cbv zeta in K.
    rewrite repeat_length, W in K. eapply Rle_trans; [exact K|]. right. do 2 f_equal. field. lra.
Qed.
