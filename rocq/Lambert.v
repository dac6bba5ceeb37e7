(** The real branches of the Lambert function: the inverses of w ↦ w·e^w on [-1, ∞) and on (-∞, -1]. *)
From Coq Require Import Reals Lra Psatz Ranalysis.
Open Scope R_scope.

Definition xexp (w : R) : R := w * exp w.

(** e^x ≥ 1 + x for every x. *)
Lemma exp_ge x : 1 + x <= exp x.
Proof. destruct (Req_dec x 0) as [->|H]; [rewrite exp_0; lra|]. pose proof (exp_ineq1 x H). lra. Qed.

Lemma exp_opp_mult x y : x + y = 0 -> exp x * exp y = 1.
Proof. intros H. rewrite <- exp_plus, H. apply exp_0. Qed.

(** w·e^w increases on [-1, ∞): for -1 ≤ a < b, a·e^a < b·e^b, from e^(a-b) (1 + (b - a)) ≤ 1. *)
Lemma xexp_increasing a b : -1 <= a -> a < b -> xexp a < xexp b.
Proof.
  unfold xexp. intros Ha Hab.
  set (h := b - a). assert (P := exp_pos a). assert (Q := exp_pos h).
  replace (exp b) with (exp a * exp h) by (rewrite <- exp_plus; f_equal; unfold h; ring).
  assert (a < b * exp h); [|nra].
  destruct (Rle_or_lt 0 b).
  - assert (1 + h < exp h) by (apply exp_ineq1; unfold h; lra). unfold h in *. nra.
  - assert (S : exp h * (1 - h) < 1).
    { rewrite <- (exp_opp_mult h (- h)) at 2 by ring.
      apply Rmult_lt_compat_l; [lra|]. pose proof (exp_ineq1 (- h)). unfold h in *. lra. }
    assert (h < 1) by (unfold h; lra).
    apply Rmult_lt_reg_r with (1 - h); [lra|].
    assert (a * (1 - h) <= b) by (unfold h in *; nra).
    replace (b * exp h * (1 - h)) with (b * (exp h * (1 - h))) by ring.
    nra.
Qed.

(** … and decreases on (-∞, -1]. *)
Lemma xexp_decreasing a b : a < b -> b <= -1 -> xexp b < xexp a.
Proof.
  unfold xexp. intros Hab Hb.
  assert (P := exp_pos a).
  replace (exp b) with (exp a * exp (b - a)) by (rewrite <- exp_plus; f_equal; ring).
  assert (1 + (b - a) < exp (b - a)) by (apply exp_ineq1; lra).
  assert (b * exp (b - a) < a); [|nra].
  assert (b * exp (b - a) < b * (1 + (b - a))) by nra.
  nra.
Qed.

Lemma xexp_continuous z : continuity (fun w => xexp w - z).
Proof. unfold xexp. reg. Qed.

Lemma xexp_minus1 : xexp (-1) = - exp (-1).
Proof. unfold xexp. ring. Qed.

(** -1/e, the value at -1, is the least. *)
Lemma W0_exists z : - exp (-1) <= z -> {w | -1 <= w /\ xexp w = z}.
Proof.
  intros H. destruct (IVT_cor (fun w => xexp w - z) (-1) (Rmax 1 z)) as [w [B E]].
  - apply xexp_continuous.
  - pose proof (Rmax_l 1 z). lra.
  - pose proof (Rmax_l 1 z). pose proof (Rmax_r 1 z). pose proof (exp_ge (Rmax 1 z)).
    assert (xexp (Rmax 1 z) >= z) by (unfold xexp; nra).
    rewrite xexp_minus1. nra.
  - exists w. lra.
Qed.

Lemma Wm1_exists z : - exp (-1) <= z < 0 -> {w | w <= -1 /\ xexp w = z}.
Proof.
  intros [H N].
  assert (L : {t | 1 <= t /\ t * - z = 4}).
  { exists (4 / - z). split; [|field; lra].
    assert (X : exp (-1) <= 1) by (rewrite <- exp_0; left; apply exp_increasing; lra).
    apply Rmult_le_reg_r with (- z); [lra|]. replace (4 / - z * - z) with 4 by (field; lra). lra. }
  destruct L as [t [L Y]].
  destruct (IVT_cor (fun w => xexp w - z) (- t) (-1)) as [w [B E]].
  - apply xexp_continuous.
  - lra.
  - assert (xexp (- t) >= z).
    { unfold xexp. assert (Q := exp_pos (- t)).
      assert (G : exp t >= (1 + t / 2) * (1 + t / 2)).
      { replace (exp t) with (exp (t / 2) * exp (t / 2)) by (rewrite <- exp_plus; f_equal; field).
        pose proof (exp_ge (t / 2)). nra. }
      assert (X : exp (- t) * exp t = 1) by (apply exp_opp_mult; ring).
      assert (Z := exp_pos t).
      assert (S : t <= - z * exp t) by nra.
      assert (t * exp (- t) <= - z); [|lra].
      apply Rmult_le_reg_r with (exp t); [lra|]. rewrite Rmult_assoc, X. lra. }
    rewrite xexp_minus1. nra.
  - exists w. lra.
Qed.

(** The functions, with a value of no meaning where they are not real. *)
Definition W0 (z : R) : R :=
  match Rle_dec (- exp (-1)) z with left H => proj1_sig (W0_exists z H) | right _ => 0 end.

Definition Wm1 (z : R) : R :=
  match Rle_dec (- exp (-1)) z with
  | left H => match Rlt_dec z 0 with left N => proj1_sig (Wm1_exists z (conj H N)) | right _ => 0 end
  | right _ => 0
  end.

(** Where they are real: e·z + 1 ≥ 0, and z < 0 for the lower one. *)
Lemma branch_point z : 0 <= exp 1 * z + 1 <-> - exp (-1) <= z.
Proof.
  assert (E : exp 1 * exp (-1) = 1) by (apply exp_opp_mult; ring).
  pose proof (exp_pos 1). pose proof (exp_pos (-1)). split; intros; nra.
Qed.

Theorem W0_spec z : 0 <= exp 1 * z + 1 -> -1 <= W0 z /\ W0 z * exp (W0 z) = z.
Proof.
  intros H. apply branch_point in H. unfold W0. destruct (Rle_dec (- exp (-1)) z); [|contradiction].
  destruct (W0_exists z r) as [w S]. exact S.
Qed.

Theorem Wm1_spec z : 0 <= exp 1 * z + 1 -> z < 0 -> Wm1 z <= -1 /\ Wm1 z * exp (Wm1 z) = z.
Proof.
  intros H N. apply branch_point in H. unfold Wm1. destruct (Rle_dec (- exp (-1)) z); [|contradiction].
  destruct (Rlt_dec z 0); [|contradiction]. destruct (Wm1_exists z (conj r r0)) as [w S]. exact S.
Qed.

(** They are the only ones. *)
Theorem W0_unique w z : -1 <= w -> w * exp w = z -> W0 z = w.
Proof.
  intros H E. assert (D : 0 <= exp 1 * z + 1).
  { apply branch_point. rewrite <- E, <- xexp_minus1. fold (xexp w).
    destruct (Req_dec (-1) w) as [<-|]; [lra|]. left. apply xexp_increasing; lra. }
  destruct (W0_spec z D) as [B S]. fold (xexp w) in E. fold (xexp (W0 z)) in S.
  destruct (Rtotal_order (W0 z) w) as [L|[L|L]]; trivial.
  - pose proof (xexp_increasing _ _ B L). lra.
  - pose proof (xexp_increasing _ _ H L). lra.
Qed.

Theorem Wm1_unique w z : w <= -1 -> w * exp w = z -> Wm1 z = w.
Proof.
  intros H E. assert (D : 0 <= exp 1 * z + 1).
  { apply branch_point. rewrite <- E, <- xexp_minus1. fold (xexp w).
    destruct (Req_dec w (-1)) as [->|]; [lra|]. left. apply xexp_decreasing; lra. }
  assert (N : z < 0) by (rewrite <- E; pose proof (exp_pos w); nra).
  destruct (Wm1_spec z D N) as [B S]. fold (xexp w) in E. fold (xexp (Wm1 z)) in S.
  destruct (Rtotal_order (Wm1 z) w) as [L|[L|L]]; trivial.
  - pose proof (xexp_decreasing _ _ L H). lra.
  - pose proof (xexp_decreasing _ _ L B). lra.
Qed.

(** W0 increases, W-1 decreases. *)
Theorem W0_increasing a b : 0 <= exp 1 * a + 1 -> a < b -> W0 a < W0 b.
Proof.
  intros H L. assert (H' : 0 <= exp 1 * b + 1) by (pose proof (exp_pos 1); nra).
  destruct (W0_spec a H) as [A Ea], (W0_spec b H') as [B Eb]. fold (xexp (W0 a)) in Ea. fold (xexp (W0 b)) in Eb.
  destruct (Rlt_or_le (W0 a) (W0 b)) as [|[C|C]]; trivial.
  - pose proof (xexp_increasing _ _ B C). lra.
  - rewrite C in Eb. lra.
Qed.

Theorem Wm1_decreasing a b : 0 <= exp 1 * a + 1 -> b < 0 -> a < b -> Wm1 b < Wm1 a.
Proof.
  intros H N L. assert (H' : 0 <= exp 1 * b + 1) by (pose proof (exp_pos 1); nra).
  destruct (Wm1_spec a H ltac:(lra)) as [A Ea], (Wm1_spec b H' N) as [B Eb].
  fold (xexp (Wm1 a)) in Ea. fold (xexp (Wm1 b)) in Eb.
  destruct (Rlt_or_le (Wm1 b) (Wm1 a)) as [|[C|C]]; trivial.
  - pose proof (xexp_decreasing _ _ C B). lra.
  - rewrite C in Ea. lra.
Qed.

(** Levels: W0 a against l, by a against l·e^l. *)
Theorem W0_above a l : 0 <= exp 1 * a + 1 -> l * exp l < a -> l < W0 a.
Proof.
  intros H L. destruct (W0_spec a H) as [B E]. destruct (Rlt_or_le l (W0 a)) as [|C]; trivial. exfalso.
  fold (xexp l) in L. fold (xexp (W0 a)) in E.
  destruct C as [C|C]; [pose proof (xexp_increasing _ _ B C)|rewrite C in E]; lra.
Qed.

Theorem W0_below a l : 0 <= exp 1 * a + 1 -> -1 <= l -> a < l * exp l -> W0 a < l.
Proof.
  intros H Hl L. destruct (W0_spec a H) as [B E]. destruct (Rlt_or_le (W0 a) l) as [|C]; trivial. exfalso.
  fold (xexp l) in L. fold (xexp (W0 a)) in E.
  destruct C as [C|C]; [pose proof (xexp_increasing _ _ Hl C)|rewrite <- C in E]; lra.
Qed.

Theorem W0_level a l : -1 <= l -> a = l * exp l -> W0 a = l.
Proof. intros H ->. now apply W0_unique. Qed.

Theorem Wm1_above a l : 0 <= exp 1 * a + 1 -> a < 0 -> l <= -1 -> a < l * exp l -> l < Wm1 a.
Proof.
  intros H N Hl L. destruct (Wm1_spec a H N) as [B E]. destruct (Rlt_or_le l (Wm1 a)) as [|C]; trivial. exfalso.
  fold (xexp l) in L. fold (xexp (Wm1 a)) in E.
  destruct C as [C|C]; [pose proof (xexp_decreasing _ _ C Hl)|rewrite C in E]; lra.
Qed.

Theorem Wm1_below a l : 0 <= exp 1 * a + 1 -> a < 0 -> l * exp l < a -> Wm1 a < l.
Proof.
  intros H N L. destruct (Wm1_spec a H N) as [B E]. destruct (Rlt_or_le (Wm1 a) l) as [|C]; trivial. exfalso.
  fold (xexp l) in L. fold (xexp (Wm1 a)) in E.
  destruct C as [C|C]; [pose proof (xexp_decreasing _ _ C B)|rewrite <- C in E]; lra.
Qed.

Theorem Wm1_level a l : l <= -1 -> a = l * exp l -> Wm1 a = l.
Proof. intros H ->. now apply Wm1_unique. Qed.
