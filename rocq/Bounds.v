(** Bounds of formulas at rational points: rational arithmetic, and stated bounds of exp, log and W that are checked. *)
From Coq Require Import Reals QArith Qreals List ZArith NArith Bool Lra Lia.
From Ascent Require Import Polynomials Lambert Trees.
Import ListNotations.
Open Scope R_scope.

(** ** e^x is at least its Taylor polynomial of odd degree. *)
Fixpoint taylor (n : nat) (x : R) : R :=
  match n with O => 1 | S m => taylor m x + x ^ n / INR (Factorial.fact n) end.

Lemma taylor_derivative n x : derivable_pt_lim (taylor (S n)) x (taylor n x).
Proof.
  induction n as [|n IH].
  - replace (taylor 0 x) with (0 + 1) by (simpl; ring).
    apply (derivable_pt_lim_ext (fun y => 1 + y)); [intros; simpl; field|].
    apply (derivable_pt_lim_plus (fun _ => 1) id); [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
  - change (taylor (S (S n))) with (fun y => taylor (S n) y + y ^ S (S n) / INR (Factorial.fact (S (S n)))).
    change (taylor (S n) x) with (taylor n x + x ^ S n / INR (Factorial.fact (S n))).
    apply (derivable_pt_lim_plus (taylor (S n)) (fun y => y ^ S (S n) / INR (Factorial.fact (S (S n))))); [exact IH|].
    apply (derivable_pt_lim_ext (fun y => / INR (Factorial.fact (S (S n))) * y ^ S (S n))); [intros; unfold Rdiv; ring|].
    replace (x ^ S n / INR (Factorial.fact (S n))) with (/ INR (Factorial.fact (S (S n))) * (INR (S (S n)) * x ^ pred (S (S n)))).
    + apply (derivable_pt_lim_scal (fun y => y ^ S (S n))), derivable_pt_lim_pow.
    + change (Factorial.fact (S (S n))) with ((S (S n)) * Factorial.fact (S n))%nat. rewrite mult_INR. simpl pred.
      field. split; [apply INR_fact_neq_0|apply not_0_INR; lia].
Qed.

Lemma taylor_0 n : taylor n 0 = 1.
Proof. induction n as [|n IH]; simpl; trivial. rewrite IH. unfold Rdiv. ring. Qed.

Lemma exp_taylor_derivative n x : derivable_pt_lim (fun y => exp y - taylor (S n) y) x (exp x - taylor n x).
Proof. apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp|apply taylor_derivative]. Qed.

Lemma taylor_signs n :
  (forall x, 0 <= exp x - taylor (2 * n + 1) x) /\
  (forall x, 0 <= x -> 0 <= exp x - taylor (2 * n) x) /\ (forall x, x <= 0 -> exp x - taylor (2 * n) x <= 0).
Proof.
  (* odd from even *)
  assert (Odd : forall m, (forall x, 0 <= x -> 0 <= exp x - taylor m x) -> (forall x, x <= 0 -> exp x - taylor m x <= 0) ->
    forall x, 0 <= exp x - taylor (S m) x).
  { intros m P N x. assert (Z : exp 0 - taylor (S m) 0 = 0) by (rewrite taylor_0, exp_0; ring).
    destruct (Rtotal_order x 0) as [L|[->|L]]; [|lra|].
    - destruct (MVT_cor2 (fun y => exp y - taylor (S m) y) (fun y => exp y - taylor m y) x 0 L) as [c [E B]];
        [intros; apply exp_taylor_derivative|]. specialize (N c ltac:(lra)). nra.
    - destruct (MVT_cor2 (fun y => exp y - taylor (S m) y) (fun y => exp y - taylor m y) 0 x L) as [c [E B]];
        [intros; apply exp_taylor_derivative|]. specialize (P c ltac:(lra)). nra. }
  assert (Even : forall m, (forall x, 0 <= exp x - taylor m x) ->
    (forall x, 0 <= x -> 0 <= exp x - taylor (S m) x) /\ (forall x, x <= 0 -> exp x - taylor (S m) x <= 0)).
  { intros m P. assert (Z : exp 0 - taylor (S m) 0 = 0) by (rewrite taylor_0, exp_0; ring). split; intros x [L|L]; try (subst; lra).
    - destruct (MVT_cor2 (fun y => exp y - taylor (S m) y) (fun y => exp y - taylor m y) 0 x L) as [c [E B]];
        [intros; apply exp_taylor_derivative|]. specialize (P c). nra.
    - destruct (MVT_cor2 (fun y => exp y - taylor (S m) y) (fun y => exp y - taylor m y) x 0 L) as [c [E B]];
        [intros; apply exp_taylor_derivative|]. specialize (P c). nra. }
  induction n as [|n [A [B C]]].
  - assert (P : forall x, 0 <= x -> 0 <= exp x - taylor 0 x) by (intros x H; simpl; pose proof (exp_ge x); lra).
    assert (N : forall x, x <= 0 -> exp x - taylor 0 x <= 0).
    { intros x H. simpl. rewrite <- exp_0. destruct H as [H|H]; [apply exp_increasing in H; lra|subst; lra]. }
    split; [|split]; trivial. exact (Odd 0%nat P N).
  - replace (2 * S n)%nat with (S (2 * n + 1)) by lia. destruct (Even _ A) as [P N].
    split; [|split]; trivial. replace (S (2 * n + 1) + 1)%nat with (S (S (2 * n + 1))) by lia. exact (Odd _ P N).
Qed.

(** ** The same in rational numbers, for 2^k-th parts of x. *)
Fixpoint qtaylor (i : nat) (n : positive) (y : Q) : Q := (* 1 + y/n (1 + y/(n+1) (…)), i factors *)
  match i with O => 1%Q | S j => Qred (1 + y * (1 # n) * qtaylor j (n + 1) y)%Q end.
Fixpoint rtaylor (i : nat) (n : positive) (y : R) : R :=
  match i with O => 1 | S j => 1 + y * / IZR (Zpos n) * rtaylor j (n + 1) y end.

Lemma Q2R_red q : Q2R (Qred q) = Q2R q.
Proof. apply Qeq_eqR, Qred_correct. Qed.
Lemma Q2R_unit n : Q2R (1 # n) = / IZR (Zpos n).
Proof. unfold Q2R. simpl. ring. Qed.
Lemma Q2R_int z : Q2R (z # 1) = IZR z.
Proof. unfold Q2R. simpl. field. Qed.

Lemma qtaylor_ok i : forall n y, Q2R (qtaylor i n y) = rtaylor i n (Q2R y).
Proof.
  induction i as [|i IH]; intros n y; [apply Q2R_int|]. cbn [qtaylor rtaylor].
  rewrite Q2R_red, Q2R_plus, (Q2R_int 1), !Q2R_mult, IH, Q2R_unit. reflexivity.
Qed.

Lemma rtaylor_last i : forall n y,
  rtaylor (S i) n y = rtaylor i n y + y ^ S i * (INR (Factorial.fact (Pos.to_nat n - 1)) / INR (Factorial.fact (Pos.to_nat n + i))).
Proof.
  induction i as [|i IH]; intros n y.
  - simpl. replace (Pos.to_nat n + 0)%nat with (S (Pos.to_nat n - 1)) by lia.
    change (Factorial.fact (S (Pos.to_nat n - 1))) with (S (Pos.to_nat n - 1) * Factorial.fact (Pos.to_nat n - 1))%nat.
    rewrite mult_INR. replace (S (Pos.to_nat n - 1)) with (Pos.to_nat n) by lia. rewrite INR_IPR.
    change (IPR n) with (IZR (Zpos n)). field. split; [apply INR_fact_neq_0|apply not_0_IZR; lia].
  - change (rtaylor (S (S i)) n y) with (1 + y * / IZR (Zpos n) * rtaylor (S i) (n + 1) y). rewrite IH.
    change (rtaylor (S i) n y) with (1 + y * / IZR (Zpos n) * rtaylor i (n + 1) y).
    replace (Pos.to_nat (n + 1) - 1)%nat with (S (Pos.to_nat n - 1)) by lia.
    replace (Pos.to_nat (n + 1) + i)%nat with (Pos.to_nat n + S i)%nat by lia.
    change (Factorial.fact (S (Pos.to_nat n - 1))) with (S (Pos.to_nat n - 1) * Factorial.fact (Pos.to_nat n - 1))%nat.
    rewrite mult_INR. replace (S (Pos.to_nat n - 1)) with (Pos.to_nat n) by lia. rewrite (INR_IPR n).
    change (IPR n) with (IZR (Zpos n)). change (y ^ S (S i)) with (y * y ^ S i).
    field. split; [apply INR_fact_neq_0|apply not_0_IZR; lia].
Qed.

Lemma rtaylor_ok i y : rtaylor i 1 y = taylor i y.
Proof.
  induction i as [|i IH]; trivial. rewrite rtaylor_last, IH. change (taylor (S i) y) with (taylor i y + y ^ S i / INR (Factorial.fact (S i))).
  simpl (Pos.to_nat 1 - 1)%nat. simpl (Pos.to_nat 1 + i)%nat. simpl (INR (Factorial.fact 0)). unfold Rdiv. ring.
Qed.

Fixpoint square (k : nat) (q : Q) : Q := match k with O => q | S j => square j (Qred (q * q)) end.
Fixpoint halves (k : nat) (q : Q) : Q := match k with O => q | S j => halves j (Qred (q * (1 # 2))) end.

Definition exp_low (k : nat) (x : Q) : Q :=
  let t := qtaylor 13 1 (halves k x) in if Qle_bool 0 t then square k t else 0%Q.

Lemma square_ok k : forall q y, 0 <= Q2R q <= exp y -> 0 <= Q2R (square k q) <= exp (2 ^ k * y).
Proof.
  induction k as [|k IH]; intros q y H; [simpl; rewrite Rmult_1_l; exact H|].
  cbn [square]. replace (2 ^ S k * y) with (2 ^ k * (y + y)) by (simpl; ring). apply IH.
  rewrite Q2R_red, Q2R_mult, exp_plus. nra.
Qed.
Lemma halves_ok k : forall q, 2 ^ k * Q2R (halves k q) = Q2R q.
Proof.
  induction k as [|k IH]; intros q; [simpl; ring|]. change (2 ^ S k) with (2 * 2 ^ k). cbn [halves].
  rewrite Rmult_assoc, IH, Q2R_red, Q2R_mult. unfold Q2R at 2. simpl. field.
Qed.

Lemma exp_low_ok k x : 0 <= Q2R (exp_low k x) <= exp (Q2R x).
Proof.
  unfold exp_low. destruct (Qle_bool 0 _) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. rewrite Q2R_int in E. rewrite <- (halves_ok k x). apply square_ok. split; trivial.
    rewrite qtaylor_ok, rtaylor_ok. destruct (taylor_signs 6) as [A _]. specialize (A (Q2R (halves k x))). simpl Nat.add in A. lra.
  - rewrite Q2R_int. pose proof (exp_pos (Q2R x)). lra.
Qed.

(** ** Intervals. *)
Definition interval := (Q * Q)%type.
Definition inside (i : interval) (x : R) : Prop := Q2R (fst i) <= x <= Q2R (snd i).
Definition qmin (a b : Q) : Q := if Qle_bool a b then a else b.
Definition qmax (a b : Q) : Q := if Qle_bool a b then b else a.

Lemma qmin_ok a b : Q2R (qmin a b) <= Q2R a /\ Q2R (qmin a b) <= Q2R b.
Proof.
  unfold qmin. destruct (Qle_bool a b) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. lra.
  - assert (~ (a <= b)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_le_weak, Qle_Rle in H. lra.
Qed.
Lemma qmax_ok a b : Q2R a <= Q2R (qmax a b) /\ Q2R b <= Q2R (qmax a b).
Proof.
  unfold qmax. destruct (Qle_bool a b) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. lra.
  - assert (~ (a <= b)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_le_weak, Qle_Rle in H. lra.
Qed.

Definition iadd (a b : interval) : interval := (qadd (fst a) (fst b), qadd (snd a) (snd b)).
Definition imul (a b : interval) : interval :=
  let p := qmul (fst a) (fst b) in let q := qmul (fst a) (snd b) in
  let r := qmul (snd a) (fst b) in let s := qmul (snd a) (snd b) in
  (qmin (qmin p q) (qmin r s), qmax (qmax p q) (qmax r s)).
Lemma iadd_ok a b x y : inside a x -> inside b y -> inside (iadd a b) (x + y).
Proof. unfold inside, iadd. simpl. rewrite !qadd_ok. lra. Qed.
Lemma between_products l h m n x y p q : l <= x <= h -> m <= y <= n ->
  p <= l * m -> p <= l * n -> p <= h * m -> p <= h * n -> l * m <= q -> l * n <= q -> h * m <= q -> h * n <= q -> p <= x * y <= q.
Proof.
  intros A B. intros. assert (C : (l * y <= x * y <= h * y) \/ (h * y <= x * y <= l * y)).
  { destruct (Rle_or_lt 0 y); [left|right]; nra. }
  assert (D : p <= l * y <= q). { destruct (Rle_or_lt 0 l); split; nra. }
  assert (E : p <= h * y <= q). { destruct (Rle_or_lt 0 h); split; nra. }
  lra.
Qed.
Lemma imul_ok a b x y : inside a x -> inside b y -> inside (imul a b) (x * y).
Proof.
  unfold inside, imul. cbn [fst snd]. intros A B.
  set (p := qmul (fst a) (fst b)). set (q := qmul (fst a) (snd b)).
  set (r := qmul (snd a) (fst b)). set (s := qmul (snd a) (snd b)).
  pose proof (qmin_ok p q). pose proof (qmin_ok r s). pose proof (qmin_ok (qmin p q) (qmin r s)).
  pose proof (qmax_ok p q). pose proof (qmax_ok r s). pose proof (qmax_ok (qmax p q) (qmax r s)).
  assert (P : Q2R p = Q2R (fst a) * Q2R (fst b)) by apply qmul_ok. assert (Q' : Q2R q = Q2R (fst a) * Q2R (snd b)) by apply qmul_ok.
  assert (R' : Q2R r = Q2R (snd a) * Q2R (fst b)) by apply qmul_ok. assert (S' : Q2R s = Q2R (snd a) * Q2R (snd b)) by apply qmul_ok.
  apply (between_products _ _ _ _ _ _ _ _ A B); lra.
Qed.

Definition iinv (a : interval) : option interval :=
  if negb (Qle_bool (fst a) 0) || negb (Qle_bool 0 (snd a)) then Some (Qred (/ snd a), Qred (/ fst a))%Q else None.
Lemma iinv_ok a b x : inside a x -> iinv a = Some b -> inside b (/ x).
Proof.
  unfold iinv, inside. intros A H. destruct (negb (Qle_bool (fst a) 0) || negb (Qle_bool 0 (snd a))) eqn:E; try discriminate.
  inversion H; subst; clear H. cbn [fst snd]. rewrite !Q2R_red.
  assert (C : 0 < Q2R (fst a) \/ Q2R (snd a) < 0).
  { apply orb_true_iff in E. destruct E as [E|E]; apply negb_true_iff in E; [left|right].
    - assert (N : ~ (fst a <= 0)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_Rlt in N. now rewrite Q2R_int in N.
    - assert (N : ~ (0 <= snd a)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_Rlt in N. now rewrite Q2R_int in N. }
  assert (Nz : forall q, Q2R q <> 0 -> ~ (q == 0)%Q) by (intros q N Z; apply N; apply Qeq_eqR in Z; now rewrite Z, Q2R_int).
  rewrite !Q2R_inv by (apply Nz; lra).
  destruct C as [C|C]; split.
  - apply Rinv_le_contravar; lra.
  - apply Rinv_le_contravar; lra.
  - replace (/ Q2R (snd a)) with (- / - Q2R (snd a)) by (field; lra). replace (/ x) with (- / - x) by (field; lra).
    apply Ropp_le_contravar, Rinv_le_contravar; lra.
  - replace (/ Q2R (fst a)) with (- / - Q2R (fst a)) by (field; lra). replace (/ x) with (- / - x) by (field; lra).
    apply Ropp_le_contravar, Rinv_le_contravar; lra.
Qed.

Fixpoint ipow (a : interval) (n : nat) : interval :=
  match n with O => (1, 1)%Q | S O => a | S m => imul a (ipow a m) end.
Lemma ipow_ok a x n : inside a x -> inside (ipow a n) (x ^ n).
Proof.
  intros A. induction n as [|n IH]; [unfold inside; simpl; rewrite Q2R_int; lra|].
  destruct n; [simpl; rewrite Rmult_1_r; exact A|]. now apply imul_ok.
Qed.

Definition qopp (q : Q) : Q := Qred (- q).
Definition imax (a b : interval) : interval := (qmax (fst a) (fst b), qmax (snd a) (snd b)).
Definition imin (a b : interval) : interval := (qmin (fst a) (fst b), qmin (snd a) (snd b)).
Lemma qopp_ok q : Q2R (qopp q) = - Q2R q.
Proof. unfold qopp. rewrite Q2R_red. apply Q2R_opp. Qed.
Lemma qmax_is a b : Q2R (qmax a b) = Rmax (Q2R a) (Q2R b).
Proof.
  unfold qmax. destruct (Qle_bool a b) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. now rewrite Rmax_right.
  - assert (H : ~ (a <= b)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_le_weak, Qle_Rle in H. now rewrite Rmax_left.
Qed.
Lemma qmin_is a b : Q2R (qmin a b) = Rmin (Q2R a) (Q2R b).
Proof.
  unfold qmin. destruct (Qle_bool a b) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. now rewrite Rmin_left.
  - assert (H : ~ (a <= b)%Q) by (rewrite <- Qle_bool_iff; congruence). apply Qnot_le_lt, Qlt_le_weak, Qle_Rle in H. now rewrite Rmin_right.
Qed.
Lemma imax_ok a b x y : inside a x -> inside b y -> inside (imax a b) (Rmax x y).
Proof.
  unfold inside, imax. cbn [fst snd]. rewrite !qmax_is. intros A B. unfold Rmax.
  repeat match goal with |- context [Rle_dec ?p ?q] => destruct (Rle_dec p q) end; lra.
Qed.
Lemma imin_ok a b x y : inside a x -> inside b y -> inside (imin a b) (Rmin x y).
Proof.
  unfold inside, imin. cbn [fst snd]. rewrite !qmin_is. intros A B. unfold Rmin.
  repeat match goal with |- context [Rle_dec ?p ?q] => destruct (Rle_dec p q) end; lra.
Qed.
Lemma absolute_max x : Rabs x = Rmax x (- x).
Proof. unfold Rabs, Rmax. destruct (Rcase_abs x), (Rle_dec x (- x)); lra. Qed.

(** Stated bounds of functions, and their check; k is the number of halvings for exp. *)
Definition q_le (a b : Q) : bool := Qle_bool a b.
Lemma q_le_ok a b : q_le a b = true -> Q2R a <= Q2R b.
Proof. intros H. now apply Qle_Rle, Qle_bool_iff. Qed.

(** l ≤ e^x, and e^x ≤ h as h·e^{-x} ≥ 1. *)
Definition exp_at_least (k : nat) (l x : Q) : bool := q_le l (exp_low k x).
Definition exp_at_most (k : nat) (x h : Q) : bool := q_le 1 (h * exp_low k (- x))%Q.
Lemma exp_at_least_ok k l x : exp_at_least k l x = true -> Q2R l <= exp (Q2R x).
Proof. intros H. apply q_le_ok in H. pose proof (exp_low_ok k x). lra. Qed.
Lemma exp_at_most_ok k x h : exp_at_most k x h = true -> exp (Q2R x) <= Q2R h.
Proof.
  intros H. apply q_le_ok in H. rewrite Q2R_mult, Q2R_int in H. pose proof (exp_low_ok k (- x)) as [A B].
  rewrite Q2R_opp in B. assert (P := exp_pos (Q2R x)).
  assert (E : exp (Q2R x) * exp (- Q2R x) = 1) by (apply exp_opp_mult; ring).
  destruct (Rle_or_lt (Q2R h) 0); [nra|].
  assert (Q2R h * exp (- Q2R x) >= 1) by nra.
  assert (P' := exp_pos (- Q2R x)). nra.
Qed.
Lemma exp_mono x y : x <= y -> exp x <= exp y.
Proof. intros [H|H]; [left; now apply exp_increasing|subst; lra]. Qed.

(** w·e^w against a. *)
Definition product_at_most (k : nat) (w a : Q) : bool := (* w e^w <= a, as w <= a e^{-w}; by the sign of a *)
  if Qle_bool 0 a then q_le w (a * exp_low k (- w))%Q
  else q_le (w * exp_low k w)%Q a && Qle_bool w 0.
Definition product_at_least (k : nat) (w a : Q) : bool := (* a <= w e^w *)
  if Qle_bool 0 w then q_le a (w * exp_low k w)%Q
  else q_le (a * exp_low k (- w))%Q w && Qle_bool a 0.
Lemma product_at_most_ok k w a : product_at_most k w a = true -> Q2R w * exp (Q2R w) <= Q2R a.
Proof.
  unfold product_at_most. intros H. assert (P := exp_pos (Q2R w)).
  assert (E : exp (Q2R w) * exp (- Q2R w) = 1) by (apply exp_opp_mult; ring).
  destruct (Qle_bool 0 a) eqn:Z.
  - apply q_le_ok in H. apply q_le_ok in Z. rewrite Q2R_mult in H. rewrite Q2R_int in Z.
    pose proof (exp_low_ok k (- w)) as [A B]. rewrite Q2R_opp in B.
    assert (Q2R w <= Q2R a * exp (- Q2R w)) by nra.
    replace (Q2R a) with (Q2R a * (exp (Q2R w) * exp (- Q2R w))) by (rewrite E; ring). nra.
  - apply andb_true_iff in H. destruct H as [H N]. apply q_le_ok in H, N. rewrite Q2R_mult in H. rewrite Q2R_int in N.
    pose proof (exp_low_ok k w) as [A B]. nra.
Qed.
Lemma product_at_least_ok k w a : product_at_least k w a = true -> Q2R a <= Q2R w * exp (Q2R w).
Proof.
  unfold product_at_least. intros H. assert (P := exp_pos (Q2R w)).
  assert (E : exp (Q2R w) * exp (- Q2R w) = 1) by (apply exp_opp_mult; ring).
  destruct (Qle_bool 0 w) eqn:Z.
  - apply q_le_ok in H. apply q_le_ok in Z. rewrite Q2R_mult in H. rewrite Q2R_int in Z.
    pose proof (exp_low_ok k w) as [A B]. nra.
  - apply andb_true_iff in H. destruct H as [H N]. apply q_le_ok in H, N. rewrite Q2R_mult in H. rewrite Q2R_int in N.
    pose proof (exp_low_ok k (- w)) as [A B]. rewrite Q2R_opp in B.
    assert (Q2R a * exp (- Q2R w) <= Q2R w) by nra.
    replace (Q2R a) with (Q2R a * (exp (Q2R w) * exp (- Q2R w))) by (rewrite E; ring). nra.
Qed.

Lemma W0_at_least a l : 0 <= exp 1 * a + 1 -> l * exp l <= a -> l <= W0 a.
Proof.
  intros D [H|H]; [left; now apply W0_above|]. destruct (Rle_or_lt (-1) l).
  - rewrite (W0_level a l); lra.
  - destruct (W0_spec a D). lra.
Qed.
Lemma W0_at_most a l : 0 <= exp 1 * a + 1 -> -1 <= l -> a <= l * exp l -> W0 a <= l.
Proof. intros D L [H|H]; [left; now apply W0_below|]. rewrite (W0_level a l); lra. Qed.
Lemma Wm1_at_least a l : 0 <= exp 1 * a + 1 -> a < 0 -> l <= -1 -> a <= l * exp l -> l <= Wm1 a.
Proof. intros D N L [H|H]; [left; now apply Wm1_above|]. rewrite (Wm1_level a l); lra. Qed.
Lemma Wm1_at_most a l : 0 <= exp 1 * a + 1 -> a < 0 -> l <= -1 -> l * exp l <= a -> Wm1 a <= l.
Proof. intros D N L [H|H]; [left; now apply Wm1_below|]. rewrite (Wm1_level a l); lra. Qed.

(** e·a + 1 ≥ 0, by a ≥ 0 or e ≤ 2.7182818284590453. *)
Definition e_high : Q := (27182818284590453 # 10000000000000000)%Q.
Lemma e_high_ok : exp 1 <= Q2R e_high.
Proof. replace 1 with (Q2R 1) at 1 by apply Q2R_int. apply (exp_at_most_ok 3). vm_compute. reflexivity. Qed.
Definition is_real (a : Q) : bool := q_le 0 a || q_le 0 (e_high * a + 1)%Q.
Lemma is_real_ok a x : is_real a = true -> Q2R a <= x -> 0 <= exp 1 * x + 1.
Proof.
  unfold is_real. intros H L. assert (P := exp_pos 1). pose proof e_high_ok.
  apply orb_true_iff in H. destruct H as [H|H]; apply q_le_ok in H; rewrite Q2R_int in H.
  - nra.
  - rewrite Q2R_plus, Q2R_mult, Q2R_int in H. destruct (Rle_or_lt 0 x); [nra|].
    assert (Q2R e_high * x <= exp 1 * x) by nra. assert (0 < Q2R e_high) by lra.
    assert (Q2R e_high * Q2R a <= Q2R e_high * x) by nra. lra.
Qed.

Section Evaluation.
Variable M : pair_point.
Variable q : list Q.
Let v (n : nat) : R := nth n (map Q2R q) 0.
Variable stated : list (tree * (interval * nat)).
Variable given : list (tree * interval). (* of a pair's minimum: see PairBounds.v *)
Hypothesis given_ok : Forall (fun g => inside (snd g) (eval M v (fst g))) given.

Definition checked (t : tree) (a i : interval) (k : nat) : bool :=
  match t with
  | Exp _ => exp_at_least k (fst i) (fst a) && exp_at_most k (snd a) (snd i)
  | Log _ => negb (Qle_bool (fst a) 0) && exp_at_most k (fst i) (fst a) && exp_at_least k (snd a) (snd i)
  | Lam0 _ => is_real (fst a) && product_at_most k (fst i) (fst a) && product_at_least k (snd i) (snd a) && q_le (-1) (snd i)
  | Lam1 _ => is_real (fst a) && negb (Qle_bool 0 (snd a)) && product_at_least k (fst i) (snd a) &&
              product_at_most k (snd i) (fst a) && q_le (snd i) (-1) && q_le (fst i) (-1)
  | _ => false
  end.

Fixpoint enclosed (t : tree) : option interval :=
  let apply (a : tree) (ia : option interval) :=
    match ia, find (fun e => same t (fst e)) stated with
    | Some j, Some (_, (i, k)) => if checked t j i k then Some i else None
    | _, _ => None
    end in
  match t with
  | Num p d => Some (p # d, p # d)
  | Var n => option_map (fun x => (x, x)) (nth_error q n)
  | Add a b => match enclosed a, enclosed b with Some i, Some j => Some (iadd i j) | _, _ => None end
  | Mul a b => match enclosed a, enclosed b with Some i, Some j => Some (imul i j) | _, _ => None end
  | Pow a k =>
    match enclosed a with
    | Some i => match k with
                | Z0 => Some (1, 1)%Q
                | Zpos p => Some (ipow i (Pos.to_nat p))
                | Zneg p => option_map (fun j => ipow j (Pos.to_nat p)) (iinv i)
                end
    | None => None
    end
  | Exp a | Log a | Lam0 a | Lam1 a => apply a (enclosed a)
  | Absolute a => option_map (fun i => imax i (qopp (snd i), qopp (fst i))) (enclosed a)
  | Larger a b => match enclosed a, enclosed b with Some i, Some j => Some (imax i j) | _, _ => None end
  | Smaller a b => match enclosed a, enclosed b with Some i, Some j => Some (imin i j) | _, _ => None end
  | PairX _ _ _ | PairY _ _ _ => option_map snd (find (fun g => same t (fst g)) given)
  end.

Lemma given_inside t i : option_map snd (find (fun g => same t (fst g)) given) = Some i -> inside i (eval M v t).
Proof.
  destruct (find _ given) as [[u j]|] eqn:E; try discriminate. intros H. inversion H; subst.
  apply find_some in E. destruct E as [E F]. cbn [fst snd] in *. apply same_ok in F. subst u.
  exact (proj1 (Forall_forall _ _) given_ok _ E).
Qed.

Lemma checked_ok t a i k (ia : interval) : 
  checked t ia i k = true -> inside ia (eval M v a) ->
  match t with
  | Exp b => a = b -> inside i (exp (eval M v a))
  | Log b => a = b -> inside i (ln (eval M v a))
  | Lam0 b => a = b -> inside i (W0 (eval M v a))
  | Lam1 b => a = b -> inside i (Wm1 (eval M v a))
  | _ => True
  end.
Proof.
  set (x := eval M v a). unfold inside. intros C [L H]. destruct t; trivial; intros _; cbn [checked] in C;
    repeat (apply andb_true_iff in C; destruct C as [C ?]).
  - apply exp_at_least_ok in C. match goal with K : exp_at_most _ _ _ = true |- _ => apply exp_at_most_ok in K end.
    pose proof (exp_mono _ _ L). pose proof (exp_mono _ _ H). lra.
  - match goal with K : exp_at_most _ _ _ = true |- _ => apply exp_at_most_ok in K end.
    match goal with K : exp_at_least _ _ _ = true |- _ => apply exp_at_least_ok in K end.
    apply negb_true_iff in C. assert (N : ~ (fst ia <= 0)%Q) by (rewrite <- Qle_bool_iff; congruence).
    apply Qnot_le_lt, Qlt_Rlt in N. rewrite Q2R_int in N.
    split.
    + rewrite <- (ln_exp (Q2R (fst i))). destruct (Req_dec (exp (Q2R (fst i))) x) as [->|]; [lra|].
      left. apply ln_increasing; [apply exp_pos|lra].
    + rewrite <- (ln_exp (Q2R (snd i))). destruct (Req_dec (exp (Q2R (snd i))) x) as [->|]; [lra|].
      left. apply ln_increasing; lra.
  - match goal with K : product_at_most _ _ _ = true |- _ => apply product_at_most_ok in K end.
    match goal with K : product_at_least _ _ _ = true |- _ => apply product_at_least_ok in K end.
    match goal with K : q_le (-1) _ = true |- _ => apply q_le_ok in K; rewrite Q2R_int in K end.
    assert (D := is_real_ok _ _ C L). split; [apply W0_at_least|apply W0_at_most]; trivial; lra.
  - match goal with K : product_at_most _ _ _ = true |- _ => apply product_at_most_ok in K end.
    match goal with K : product_at_least _ _ _ = true |- _ => apply product_at_least_ok in K end.
    repeat match goal with K : q_le _ _ = true |- _ => apply q_le_ok in K; rewrite Q2R_int in K end.
    match goal with K : negb _ = true |- _ => apply negb_true_iff in K;
      assert (N : ~ (0 <= snd ia)%Q) by (rewrite <- Qle_bool_iff; congruence) end.
    apply Qnot_le_lt, Qlt_Rlt in N. rewrite Q2R_int in N.
    assert (D := is_real_ok _ _ C L). split; [apply Wm1_at_least|apply Wm1_at_most]; trivial; lra.
Qed.

Lemma enclosed_ok t : forall i, enclosed t = Some i -> inside i (eval M v t).
Proof.
  induction t; intros i H; cbn [enclosed] in H; try discriminate.
  - inversion H; subst. rewrite num_ok. unfold inside. simpl. lra.
  - destruct (nth_error q n) eqn:E; try discriminate. inversion H; subst. unfold inside. simpl.
    unfold v. rewrite (nth_error_nth (map Q2R q) n 0 (map_nth_error Q2R n q E)). lra.
  - destruct (enclosed t1), (enclosed t2); try discriminate. inversion H; subst. apply iadd_ok; auto.
  - destruct (enclosed t1), (enclosed t2); try discriminate. inversion H; subst. apply imul_ok; auto.
  - destruct (enclosed t) as [j|]; try discriminate. specialize (IHt j eq_refl).
    change (inside i (power (eval M v t) k)). destruct k.
    + inversion H; subst. unfold inside. simpl. rewrite Q2R_int. lra.
    + inversion H; subst. apply ipow_ok, IHt.
    + destruct (iinv j) eqn:E; try discriminate. inversion H; subst. rewrite power_neg. apply ipow_ok.
      now apply iinv_ok with (2 := E).
  - destruct (enclosed t) as [j|]; try discriminate. destruct (find _ stated) as [[u [i' k]]|]; try discriminate.
    destruct (checked (Exp t) j i' k) eqn:C; try discriminate. inversion H; subst.
    exact (checked_ok (Exp t) t i k j C (IHt j eq_refl) eq_refl).
  - destruct (enclosed t) as [j|]; try discriminate. destruct (find _ stated) as [[u [i' k]]|]; try discriminate.
    destruct (checked (Log t) j i' k) eqn:C; try discriminate. inversion H; subst.
    exact (checked_ok (Log t) t i k j C (IHt j eq_refl) eq_refl).
  - destruct (enclosed t) as [j|]; try discriminate. destruct (find _ stated) as [[u [i' k]]|]; try discriminate.
    destruct (checked (Lam0 t) j i' k) eqn:C; try discriminate. inversion H; subst.
    exact (checked_ok (Lam0 t) t i k j C (IHt j eq_refl) eq_refl).
  - destruct (enclosed t) as [j|]; try discriminate. destruct (find _ stated) as [[u [i' k]]|]; try discriminate.
    destruct (checked (Lam1 t) j i' k) eqn:C; try discriminate. inversion H; subst.
    exact (checked_ok (Lam1 t) t i k j C (IHt j eq_refl) eq_refl).
  - now apply given_inside.
  - now apply given_inside.
  - destruct (enclosed t) as [j|]; try discriminate. inversion H; subst. simpl eval. rewrite absolute_max.
    apply imax_ok; [auto|]. specialize (IHt j eq_refl). unfold inside in *. cbn [fst snd]. rewrite !qopp_ok. lra.
  - destruct (enclosed t1), (enclosed t2); try discriminate. inversion H; subst. apply imax_ok; auto.
  - destruct (enclosed t1), (enclosed t2); try discriminate. inversion H; subst. apply imin_ok; auto.
Qed.

(** The sign of a formula at the point. *)
Definition sign_at (s : sign) (t : tree) : bool :=
  match enclosed t with
  | Some i =>
    match s with
    | Positive => negb (Qle_bool (fst i) 0)
    | NonNegative => Qle_bool 0 (fst i)
    | IsZero => Qle_bool 0 (fst i) && Qle_bool (snd i) 0
    | NonZero => negb (Qle_bool (fst i) 0) || negb (Qle_bool 0 (snd i))
    end
  | None => false
  end.

Theorem sign_at_ok s t : sign_at s t = true -> is s (eval M v t).
Proof.
  unfold sign_at. intros H. destruct (enclosed t) as [i|] eqn:E; try discriminate.
  apply enclosed_ok in E. unfold inside in E.
  assert (P : forall a, negb (Qle_bool a 0) = true -> 0 < Q2R a).
  { intros a K. apply negb_true_iff in K. assert (N : ~ (a <= 0)%Q) by (rewrite <- Qle_bool_iff; congruence).
    apply Qnot_le_lt, Qlt_Rlt in N. now rewrite Q2R_int in N. }
  assert (N : forall a, negb (Qle_bool 0 a) = true -> Q2R a < 0).
  { intros a K. apply negb_true_iff in K. assert (N : ~ (0 <= a)%Q) by (rewrite <- Qle_bool_iff; congruence).
    apply Qnot_le_lt, Qlt_Rlt in N. now rewrite Q2R_int in N. }
  destruct s; simpl.
  - apply P in H. lra.
  - apply q_le_ok in H. rewrite Q2R_int in H. lra.
  - apply andb_true_iff in H. destruct H as [A B]. apply q_le_ok in A, B. rewrite Q2R_int in *. lra.
  - apply orb_true_iff in H. destruct H as [H|H]; [apply P in H|apply N in H]; lra.
Qed.
End Evaluation.

(** Points: the values of the variables are the numbers of a list, 0 beyond its end. *)
Definition at_point (q : list Q) (n : nat) : R := nth n (map Q2R q) 0.

Lemma zero_nonnegative x : x = 0 -> 0 <= x. Proof. lra. Qed.
Ltac at_the_point := repeat (split; [unfold holds; cbn; unfold Q2R; cbn; field|]); exact I.
