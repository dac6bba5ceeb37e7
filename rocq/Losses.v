(** The losses of eq. (1) under assumptions 1 and 2, their stationary points, and which of them are minima (lemma 2).

    A sample is the coordinate on which it lies, in the range 0 … d-1; its margin is that coordinate of w (assumption 2:
    y·x = 1). R and F are lists of samples. *)
From Coq Require Import Reals List Arith Lra Lia Ranalysis.
From Ascent Require Import Lambert.
Import ListNotations.
Open Scope R_scope.

Definition exponential_losses (samples : list nat) (w : nat -> R) : R :=
  fold_right (fun j s => exp (- w j) + s) 0 samples.
Fixpoint sum (d : nat) (f : nat -> R) : R := match d with O => 0 | S k => sum k f + f k end.
Definition ridge_term (d : nat) (lambda : R) (w : nat -> R) : R := lambda / 2 * sum d (fun j => w j ^ 2).
Definition size (samples : list nat) : R := INR (length samples).

Definition L_D (retain forget : list nat) (d : nat) (lambda : R) (w : nat -> R) : R :=
  / size (retain ++ forget) * exponential_losses (retain ++ forget) w + ridge_term d lambda w.
Definition L_R (retain : list nat) (d : nat) (lambda : R) (w : nat -> R) : R :=
  / size retain * exponential_losses retain w + ridge_term d lambda w.
Definition L_DA (retain forget : list nat) (d : nat) (lambda : R) (w : nat -> R) : R :=
  / size retain * exponential_losses retain w - / size forget * exponential_losses forget w + ridge_term d lambda w.

(** The loss of one coordinate: c·e^{-x} + λ/2·x². *)
Definition loss (c lambda x : R) : R := c * exp (- x) + lambda / 2 * x ^ 2.
Definition on (samples : list nat) (j : nat) : R := INR (count_occ Nat.eq_dec samples j).
Definition c_D retain forget j : R := (on retain j + on forget j) / size (retain ++ forget).
Definition c_R retain j : R := on retain j / size retain.
Definition c_DA retain forget j : R := on retain j / size retain - on forget j / size forget.

Lemma sum_ext d f g : (forall j, (j < d)%nat -> f j = g j) -> sum d f = sum d g.
Proof. induction d as [|d IH]; intros E; simpl; trivial. rewrite IH, E by (intros; try apply E; lia). reflexivity. Qed.
Lemma sum_plus d f g : sum d (fun j => f j + g j) = sum d f + sum d g.
Proof. induction d as [|d IH]; simpl; [lra|]. rewrite IH. ring. Qed.
Lemma sum_scale d a f : sum d (fun j => a * f j) = a * sum d f.
Proof. induction d as [|d IH]; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma sum_single d k x : (k < d)%nat -> sum d (fun j => if Nat.eq_dec k j then x else 0) = x.
Proof.
  induction d as [|d IH]; intros L; [lia|]. simpl. destruct (Nat.eq_dec k d) as [->|N].
  - replace (sum d _) with 0; [ring|]. symmetry. rewrite (sum_ext d _ (fun _ => 0 * 0)).
    + rewrite sum_scale. ring.
    + intros j J. destruct (Nat.eq_dec d j); [lia|ring].
  - rewrite IH by lia. ring.
Qed.

Lemma losses_by_coordinate samples d w : Forall (fun j => (j < d)%nat) samples ->
  exponential_losses samples w = sum d (fun j => on samples j * exp (- w j)).
Proof.
  unfold on. induction samples as [|k l IH]; intros B; simpl.
  - symmetry. rewrite (sum_ext d _ (fun _ => 0 * 0)) by (intros; ring). rewrite sum_scale. ring.
  - inversion B; subst. rewrite IH by assumption.
    rewrite <- (sum_single d k (exp (- w k))) at 1 by assumption. rewrite <- sum_plus. apply sum_ext. intros j J.
    destruct (Nat.eq_dec k j) as [->|N].
    + rewrite S_INR. ring.
    + ring.
Qed.

Lemma by_coordinate a samples d lambda w : Forall (fun j => (j < d)%nat) samples ->
  a * exponential_losses samples w + ridge_term d lambda w = sum d (fun j => loss (a * on samples j) lambda (w j)).
Proof.
  intros B. unfold ridge_term, loss. rewrite (losses_by_coordinate samples d w B), <- !sum_scale, <- sum_plus.
  apply sum_ext. intros. ring.
Qed.

(** Eq. (1) is a sum over coordinates of such losses. *)
Theorem L_R_sum retain d lambda w : Forall (fun j => (j < d)%nat) retain ->
  L_R retain d lambda w = sum d (fun j => loss (c_R retain j) lambda (w j)).
Proof.
  intros B. unfold L_R, c_R. rewrite (by_coordinate _ _ _ _ _ B). apply sum_ext. intros. f_equal. unfold Rdiv. ring.
Qed.
Theorem L_D_sum retain forget d lambda w : Forall (fun j => (j < d)%nat) retain -> Forall (fun j => (j < d)%nat) forget ->
  L_D retain forget d lambda w = sum d (fun j => loss (c_D retain forget j) lambda (w j)).
Proof.
  intros A B. unfold L_D, c_D. rewrite by_coordinate by (apply Forall_app; auto). apply sum_ext. intros. f_equal.
  unfold on. rewrite count_occ_app, plus_INR. unfold Rdiv. ring.
Qed.
Theorem L_DA_sum retain forget d lambda w : Forall (fun j => (j < d)%nat) retain -> Forall (fun j => (j < d)%nat) forget ->
  L_DA retain forget d lambda w = sum d (fun j => loss (c_DA retain forget j) lambda (w j)).
Proof.
  intros A B. unfold L_DA, c_DA, ridge_term, loss.
  rewrite (losses_by_coordinate retain d w A), (losses_by_coordinate forget d w B), <- !sum_scale.
  replace (sum d (fun j => / size retain * (on retain j * exp (- w j))) - sum d (fun j => / size forget * (on forget j * exp (- w j))))
    with (sum d (fun j => / size retain * (on retain j * exp (- w j))) + -1 * sum d (fun j => / size forget * (on forget j * exp (- w j)))) by ring.
  rewrite <- sum_scale, <- !sum_plus. apply sum_ext. intros. unfold Rdiv. ring.
Qed.

(** The derivative of a coordinate's loss, and its sign: that of x·e^x - c/λ. *)
Definition gradient (c lambda x : R) : R := - c * exp (- x) + lambda * x.

Theorem loss_derivative c lambda x : derivable_pt_lim (loss c lambda) x (gradient c lambda x).
Proof.
  unfold loss, gradient.
  apply (derivable_pt_lim_ext (fun y => c * exp (- y) + lambda / 2 * (y * y))); [intros; simpl; field|].
  replace (- c * exp (- x) + lambda * x) with (c * (exp (- x) * - 1) + lambda / 2 * (1 * x + x * 1)) by field.
  apply (derivable_pt_lim_plus (fun y => c * exp (- y)) (fun y => lambda / 2 * (y * y))).
  - apply (derivable_pt_lim_scal (fun y => exp (- y))).
    apply (derivable_pt_lim_comp (fun y => - y) exp); [|apply derivable_pt_lim_exp].
    apply (derivable_pt_lim_opp id), derivable_pt_lim_id.
  - apply (derivable_pt_lim_scal (fun y => y * y)). apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
Qed.

Lemma gradient_sign c lambda x : 0 < lambda -> gradient c lambda x = lambda * exp (- x) * (xexp x - c / lambda).
Proof.
  intros L. unfold gradient, xexp. assert (E : exp x * exp (- x) = 1) by (apply exp_opp_mult; ring).
  replace (lambda * exp (- x) * (x * exp x - c / lambda)) with (lambda * x * (exp x * exp (- x)) - c * exp (- x)) by (field; lra).
  rewrite E. ring.
Qed.

Lemma grows c lambda a b : 0 < lambda -> a < b -> (forall x, a < x < b -> c / lambda < xexp x) -> loss c lambda a < loss c lambda b.
Proof.
  intros L AB P. destruct (MVT_cor2 (loss c lambda) (gradient c lambda) a b AB) as [x [E B]];
    [intros; apply loss_derivative|]. specialize (P x B). rewrite gradient_sign in E by assumption.
  assert (0 < lambda * exp (- x)) by (apply Rmult_lt_0_compat; [|apply exp_pos]; lra).
  assert (0 < lambda * exp (- x) * (xexp x - c / lambda)) by (apply Rmult_lt_0_compat; lra). nra.
Qed.
Lemma falls c lambda a b : 0 < lambda -> a < b -> (forall x, a < x < b -> xexp x < c / lambda) -> loss c lambda b < loss c lambda a.
Proof.
  intros L AB P. destruct (MVT_cor2 (loss c lambda) (gradient c lambda) a b AB) as [x [E B]];
    [intros; apply loss_derivative|]. specialize (P x B). rewrite gradient_sign in E by assumption.
  assert (0 < lambda * exp (- x)) by (apply Rmult_lt_0_compat; [|apply exp_pos]; lra).
  assert (0 < lambda * exp (- x) * (c / lambda - xexp x)) by (apply Rmult_lt_0_compat; lra). nra.
Qed.

(** Stationary points are the solutions of x·e^x = c/λ. *)
Theorem stationary c lambda x : 0 < lambda -> (gradient c lambda x = 0 <-> x * exp x = c / lambda).
Proof.
  intros L. rewrite gradient_sign by assumption. assert (P := exp_pos (- x)). unfold xexp. split; intros E.
  - apply Rmult_integral in E. destruct E as [E|E]; [apply Rmult_integral in E; lra|lra].
  - rewrite E. ring.
Qed.

(** c ≥ 0 (always so for L_D and L_R): W0(c/λ) is the only stationary point and the only minimum. *)
Theorem W0_is_the_minimum c lambda : 0 < lambda -> 0 <= c ->
  (forall x, gradient c lambda x = 0 <-> x = W0 (c / lambda)) /\
  (forall x, x <> W0 (c / lambda) -> loss c lambda (W0 (c / lambda)) < loss c lambda x).
Proof.
  intros L C. assert (Z : 0 <= c / lambda) by (apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat]; lra).
  assert (D : 0 <= exp 1 * (c / lambda) + 1) by (pose proof (exp_pos 1); nra).
  destruct (W0_spec _ D) as [B E].
  assert (P : 0 <= W0 (c / lambda)).
  { destruct (Rle_or_lt 0 (W0 (c / lambda))); trivial. pose proof (exp_pos (W0 (c / lambda))). nra. }
  assert (Right : forall x, W0 (c / lambda) < x -> c / lambda < xexp x).
  { intros x X. rewrite <- E. apply xexp_increasing; lra. }
  assert (Left : forall x, x < W0 (c / lambda) -> xexp x < c / lambda).
  { intros x X. destruct (Rle_or_lt 0 x).
    - rewrite <- E. apply xexp_increasing; lra.
    - unfold xexp. pose proof (exp_pos x). nra. }
  split.
  - intros x. rewrite stationary by assumption. split; intros X; [|subst; exact E].
    fold (xexp x) in X. destruct (Rtotal_order x (W0 (c / lambda))) as [K|[K|K]]; trivial; [apply Left in K|apply Right in K]; lra.
  - intros x X. destruct (Rtotal_order x (W0 (c / lambda))) as [K|[K|K]]; [|contradiction|].
    + apply falls; trivial. intros y Y. apply Left. lra.
    + apply grows; trivial. intros y Y. apply Right. lra.
Qed.

(** c < 0 (descent-ascent with α > |F|/|R|), -1 < e·c/λ: two stationary points; W0 is a minimum of all x > W-1, W-1 a maximum
    of all x < W0, and the loss grows up to W-1. *)
Theorem two_stationary_points c lambda : 0 < lambda -> c < 0 -> 0 < exp 1 * (c / lambda) + 1 ->
  let top := Wm1 (c / lambda) in let bottom := W0 (c / lambda) in
  top < -1 < bottom /\
  (forall x, gradient c lambda x = 0 <-> x = bottom \/ x = top) /\
  (forall x, top < x -> x <> bottom -> loss c lambda bottom < loss c lambda x) /\
  (forall x, x < bottom -> x <> top -> loss c lambda x < loss c lambda top).
Proof.
  intros L C D top bottom. assert (N : c / lambda < 0) by (unfold Rdiv; pose proof (Rinv_0_lt_compat _ L); nra).
  destruct (W0_spec (c / lambda) ltac:(lra)) as [B E]. destruct (Wm1_spec (c / lambda) ltac:(lra) N) as [B' E'].
  fold bottom in B, E. fold top in B', E'.
  assert (S : - exp (-1) < c / lambda).
  { assert (X : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring). pose proof (exp_pos 1). pose proof (exp_pos (-1)). nra. }
  assert (Nb : bottom <> -1) by (intros X; rewrite X in E; lra).
  assert (Nt : top <> -1) by (intros X; rewrite X in E'; lra).
  assert (Right : forall x, bottom < x -> c / lambda < xexp x).
  { intros x X. rewrite <- E. apply xexp_increasing; lra. }
  assert (Middle : forall x, top < x < bottom -> xexp x < c / lambda).
  { intros x X. destruct (Rle_or_lt (-1) x).
    - rewrite <- E. apply xexp_increasing; lra.
    - rewrite <- E'. apply xexp_decreasing; lra. }
  assert (Left : forall x, x < top -> c / lambda < xexp x).
  { intros x X. rewrite <- E'. apply xexp_decreasing; lra. }
  repeat split; try lra.
  - rewrite stationary by assumption. fold (xexp x). intros X.
    destruct (Rtotal_order x bottom) as [K|[K|K]]; auto; [|apply Right in K; lra].
    destruct (Rtotal_order x top) as [K'|[K'|K']]; auto; [apply Left in K'; lra|].
    pose proof (Middle x (conj K' K)). lra.
  - rewrite stationary by assumption. intros [->| ->]; assumption.
  - intros x X Y. destruct (Rtotal_order x bottom) as [K|[K|K]]; [|contradiction|].
    + apply falls; trivial. intros y Z. apply Middle. lra.
    + apply grows; trivial. intros y Z. apply Right. lra.
  - intros x X Y. destruct (Rtotal_order x top) as [K|[K|K]]; [|contradiction|].
    + apply grows; trivial. intros y Z. apply Left. lra.
    + apply falls; trivial. intros y Z. apply Middle. lra.
Qed.

(** e·c/λ = -1: one stationary point, -1, and the loss grows through it. e·c/λ < -1: none, and the loss grows everywhere. *)
Theorem no_minimum c lambda : 0 < lambda -> exp 1 * (c / lambda) + 1 <= 0 -> forall a b, a < b -> loss c lambda a < loss c lambda b.
Proof.
  intros L D. assert (S : c / lambda <= - exp (-1)).
  { assert (X : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring). pose proof (exp_pos 1). pose proof (exp_pos (-1)). nra. }
  assert (Off : forall x, x <> -1 -> c / lambda < xexp x).
  { intros x X. destruct (Rtotal_order x (-1)) as [K|[K|K]]; [|contradiction|].
    - pose proof (xexp_decreasing x (-1) K). rewrite xexp_minus1 in *. lra.
    - pose proof (xexp_increasing (-1) x). rewrite xexp_minus1 in *. lra. }
  intros a b AB. destruct (Rle_or_lt b (-1)); [apply grows; trivial; intros x X; apply Off; lra|].
  destruct (Rle_or_lt (-1) a); [apply grows; trivial; intros x X; apply Off; lra|].
  apply Rlt_trans with (loss c lambda (-1)); apply grows; trivial; intros x X; apply Off; lra.
Qed.
Theorem no_stationary_point c lambda x : 0 < lambda -> exp 1 * (c / lambda) + 1 < 0 -> gradient c lambda x <> 0.
Proof.
  intros L D E. apply stationary in E; trivial.
  assert (S : 0 <= exp 1 * (c / lambda) + 1); [|lra]. rewrite <- E. apply branch_point. rewrite <- xexp_minus1. fold (xexp x).
  destruct (Rtotal_order x (-1)) as [K|[->|K]]; [|lra|].
  - left. apply xexp_decreasing; lra.
  - left. apply xexp_increasing; lra.
Qed.

(** Lemma 2 for L_D and L_R as functions of all coordinates: the closed form is a minimum. *)
Lemma sum_le d f g : (forall j, (j < d)%nat -> f j <= g j) -> sum d f <= sum d g.
Proof. induction d as [|d IH]; intros E; simpl; [lra|]. pose proof (E d ltac:(lia)). specialize (IH ltac:(intros; apply E; lia)). lra. Qed.
Lemma size_pos samples : samples <> [] -> 0 < size samples.
Proof. destruct samples; intros N; [congruence|]. unfold size. apply lt_0_INR. simpl. lia. Qed.

Theorem lemma_2_retrained retain d lambda : 0 < lambda -> retain <> [] -> Forall (fun j => (j < d)%nat) retain ->
  forall w, L_R retain d lambda (fun j => W0 (c_R retain j / lambda)) <= L_R retain d lambda w.
Proof.
  intros L N B w. rewrite !L_R_sum by assumption. apply sum_le. intros j J.
  assert (C : 0 <= c_R retain j).
  { unfold c_R, on. apply Rmult_le_pos; [apply pos_INR|]. left. apply Rinv_0_lt_compat, size_pos, N. }
  destruct (W0_is_the_minimum _ lambda L C) as [_ M]. destruct (Req_dec (w j) (W0 (c_R retain j / lambda))) as [->|X]; [lra|].
  specialize (M _ X). lra.
Qed.
Theorem lemma_2_pretrained retain forget d lambda : 0 < lambda -> retain <> [] ->
  Forall (fun j => (j < d)%nat) retain -> Forall (fun j => (j < d)%nat) forget ->
  forall w, L_D retain forget d lambda (fun j => W0 (c_D retain forget j / lambda)) <= L_D retain forget d lambda w.
Proof.
  intros L N A B w. rewrite !L_D_sum by assumption. apply sum_le. intros j J.
  assert (C : 0 <= c_D retain forget j).
  { unfold c_D, on. apply Rmult_le_pos; [apply Rplus_le_le_0_compat; apply pos_INR|].
    left. apply Rinv_0_lt_compat, size_pos. intros X. apply app_eq_nil in X. tauto. }
  destruct (W0_is_the_minimum _ lambda L C) as [_ M].
  destruct (Req_dec (w j) (W0 (c_D retain forget j / lambda))) as [->|X]; [lra|]. specialize (M _ X). lra.
Qed.

(** The arguments as the paper writes them: with |F_j| = α·|R_j|. *)
Theorem arguments retain forget j alpha lambda : 0 < lambda -> retain <> [] -> forget <> [] -> on forget j = alpha * on retain j ->
  c_D retain forget j / lambda = (1 + alpha) * on retain j / (lambda * (size retain + size forget)) /\
  c_R retain j / lambda = on retain j / (lambda * size retain) /\
  c_DA retain forget j / lambda = (1 - alpha * size retain / size forget) * on retain j / (lambda * size retain).
Proof.
  intros L N N' E. apply size_pos in N, N'. unfold c_D, c_R, c_DA. rewrite E.
  replace (size (retain ++ forget)) with (size retain + size forget) by (unfold size; rewrite app_length, plus_INR; reflexivity).
  repeat split; field; repeat split; lra.
Qed.
