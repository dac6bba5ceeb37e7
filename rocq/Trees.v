(** Formulas as data: their values, facts about them, and rational arithmetic that decides facts from facts. *)
From Coq Require Import Reals QArith Qreals List ZArith NArith Bool Lra Lia.
From Ascent Require Import Polynomials Lambert.
Import ListNotations.
Open Scope R_scope.

Inductive tree :=
| Num (p : Z) (q : positive)
| Var (n : nat)
| Add (a b : tree)
| Mul (a b : tree)
| Pow (a : tree) (k : Z)
| Exp (a : tree)
| Log (a : tree)
| Lam0 (a : tree)   (* W0 *)
| Lam1 (a : tree)   (* W-1 *)
| PairX (a c e : tree)
| PairY (a c e : tree)
| Absolute (a : tree)
| Larger (a b : tree)
| Smaller (a b : tree).

(** x and y of a local minimum of a·e^{-x} + c·e^{-y} + |w|²/2, by a, c and e: which, is left open. *)
Record pair_point := { pair_x : R -> R -> R -> R; pair_y : R -> R -> R -> R }.

Definition power (x : R) (k : Z) : R :=
  match k with
  | Z0 => 1
  | Zpos p => x ^ Pos.to_nat p
  | Zneg xH => / x
  | Zneg p => / x ^ Pos.to_nat p
  end.

Section Values.
Variable M : pair_point.

Fixpoint eval (v : nat -> R) (t : tree) : R :=
  match t with
  | Num p q => match q with xH => IZR p | _ => IZR p / IZR (Zpos q) end
  | Var n => v n
  | Add a b => eval v a + eval v b
  | Mul a b => eval v a * eval v b
  | Pow a k => power (eval v a) k
  | Exp a => exp (eval v a)
  | Log a => ln (eval v a)
  | Lam0 a => W0 (eval v a)
  | Lam1 a => Wm1 (eval v a)
  | PairX a c e => pair_x M (eval v a) (eval v c) (eval v e)
  | PairY a c e => pair_y M (eval v a) (eval v c) (eval v e)
  | Absolute a => Rabs (eval v a)
  | Larger a b => Rmax (eval v a) (eval v b)
  | Smaller a b => Rmin (eval v a) (eval v b)
  end.

Inductive sign := Positive | NonNegative | IsZero | NonZero.
Definition fact := (sign * tree)%type.
Definition is (s : sign) (x : R) : Prop :=
  match s with Positive => 0 < x | NonNegative => 0 <= x | IsZero => x = 0 | NonZero => x <> 0 end.
Definition holds (v : nat -> R) (f : fact) : Prop := is (fst f) (eval v (snd f)).

(** Equality of formulas. *)
Fixpoint same (s t : tree) : bool :=
  match s, t with
  | Num p q, Num p' q' => Z.eqb p p' && Pos.eqb q q'
  | Var n, Var n' => Nat.eqb n n'
  | Add a b, Add a' b' | Mul a b, Mul a' b' | Larger a b, Larger a' b' | Smaller a b, Smaller a' b' => same a a' && same b b'
  | Pow a k, Pow a' k' => Z.eqb k k' && same a a'
  | Exp a, Exp a' | Log a, Log a' | Lam0 a, Lam0 a' | Lam1 a, Lam1 a' | Absolute a, Absolute a' => same a a'
  | PairX a c e, PairX a' c' e' | PairY a c e, PairY a' c' e' => same a a' && same c c' && same e e'
  | _, _ => false
  end.

Lemma same_ok s : forall t, same s t = true -> s = t.
Proof.
  induction s; destruct t; simpl; intros H; try discriminate; repeat rewrite andb_true_iff in H;
    repeat match goal with H : _ /\ _ |- _ => destruct H end;
    repeat match goal with
      | H : Z.eqb _ _ = true |- _ => apply Z.eqb_eq in H
      | H : Pos.eqb _ _ = true |- _ => apply Pos.eqb_eq in H
      | H : Nat.eqb _ _ = true |- _ => apply Nat.eqb_eq in H
      end; subst; f_equal; auto.
Qed.

Definition same_sign (s t : sign) : bool :=
  match s, t with
  | Positive, Positive | NonNegative, NonNegative | IsZero, IsZero | NonZero, NonZero => true
  | _, _ => false
  end.
Definition known_fact (facts : list fact) (s : sign) (t : tree) : bool :=
  existsb (fun f => same_sign s (fst f) && same t (snd f)) facts.

Lemma known_fact_ok v facts s t : Forall (holds v) facts -> known_fact facts s t = true -> is s (eval v t).
Proof.
  intros F H. apply existsb_exists in H. destruct H as [[s' t'] [I E]]. simpl in E.
  apply andb_true_iff in E. destruct E as [Es Et]. apply same_ok in Et. subst.
  rewrite Forall_forall in F. specialize (F _ I). unfold holds in F. simpl in F.
  destruct s, s'; simpl in *; try discriminate; trivial.
Qed.

(** ** Rational functions: a polynomial over a product of powers of stated polynomials (the divisors). *)
Definition ratio := (poly * mono)%type.

Section Ratios.
Variable vars : list R.
Variable dens : list poly.
Let D : list R := map (peval vars) dens.

Definition rvalue (r : ratio) : R := peval vars (fst r) / meval D (snd r).
Definition rvalid (r : ratio) : Prop := meval D (snd r) <> 0.
Definition means (r : ratio) (x : R) : Prop := rvalid r /\ x = rvalue r.

Fixpoint dpow (ds : list poly) (e : mono) : poly :=
  match e with
  | [] => pconst 1
  | k :: e' =>
    let r := dpow (tl ds) e' in if N.eqb k 0 then r else pmul (ppow (hd [] ds) k) r
  end.

Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R. simpl. field. Qed.

Lemma dpow_ok e : forall ds, peval vars (dpow ds e) = meval (map (peval vars) ds) e.
Proof.
  induction e as [|k e IH]; intros ds; simpl.
  - unfold pconst. simpl. rewrite Q2R_1. ring.
  - assert (T : tl (map (peval vars) ds) = map (peval vars) (tl ds)) by (destruct ds; reflexivity).
    assert (H : hd 0 (map (peval vars) ds) = peval vars (hd [] ds)) by (destruct ds; reflexivity).
    destruct (N.eqb_spec k 0) as [->|].
    + simpl. rewrite IH, T. ring.
    + rewrite pmul_ok, ppow_ok, IH, T, H. reflexivity.
Qed.

Lemma dpow_D e : peval vars (dpow dens e) = meval D e.
Proof. apply dpow_ok. Qed.

Fixpoint mmax (a b : mono) : mono :=
  match a, b with [], _ => b | _, [] => a | x :: a', y :: b' => N.max x y :: mmax a' b' end.
Fixpoint msub (a b : mono) : mono :=
  match a, b with [], _ => [] | _, [] => a | x :: a', y :: b' => (x - y)%N :: msub a' b' end.

Lemma mmax_ok a : forall ds b, meval ds (mmax a b) = meval ds a * meval ds (msub b a).
Proof.
  induction a as [|x a IH]; intros ds [|y b]; simpl; try ring.
  rewrite IH. replace (N.max x y) with (x + (y - x))%N by lia.
  rewrite N2Nat.inj_add, pow_add. ring.
Qed.
Lemma mmax_comm a : forall b, mmax a b = mmax b a.
Proof. induction a as [|x a IH]; intros [|y b]; simpl; trivial. rewrite IH, N.max_comm. reflexivity. Qed.

Lemma mmax_valid a : forall ds b, meval ds a <> 0 -> meval ds b <> 0 -> meval ds (mmax a b) <> 0.
Proof.
  induction a as [|x a IH]; intros ds [|y b]; simpl; trivial.
  intros A B. apply Rmult_integral_contrapositive_currified.
  - destruct (N.max_spec x y) as [[_ ->]|[_ ->]]; intros E; rewrite E in *; lra.
  - apply IH; intros E; rewrite E in *; lra.
Qed.

Definition radd (r s : ratio) : ratio :=
  let m := mmax (snd r) (snd s) in
  (padd (pmul (fst r) (dpow dens (msub (snd s) (snd r)))) (pmul (fst s) (dpow dens (msub (snd r) (snd s)))), m).
Definition rmul (r s : ratio) : ratio := (pmul (fst r) (fst s), mmul (snd r) (snd s)).
Definition rconst (c : Q) : ratio := (pconst c, []).

Lemma rconst_ok c : means (rconst c) (Q2R c).
Proof. unfold means, rvalid, rvalue, rconst. simpl. rewrite pconst_ok. split; [lra|field]. Qed.

Lemma radd_ok r s x y : means r x -> means s y -> means (radd r s) (x + y).
Proof.
  intros [V ->] [U ->]. unfold means, rvalid, rvalue, radd in *. simpl.
  assert (K := mmax_valid _ D _ V U). split; trivial.
  rewrite padd_ok, !pmul_ok, !dpow_D.
  pose proof (mmax_ok (snd r) D (snd s)) as E1. pose proof (mmax_ok (snd s) D (snd r)) as E2.
  rewrite mmax_comm in E2.
  assert (meval D (msub (snd s) (snd r)) <> 0) by (intros Z; apply K; rewrite E1, Z; ring).
  assert (meval D (msub (snd r) (snd s)) <> 0) by (intros Z; apply K; rewrite E2, Z; ring).
  set (m := meval D (mmax (snd r) (snd s))) in *.
  replace (peval vars (fst r) / meval D (snd r)) with (peval vars (fst r) * meval D (msub (snd s) (snd r)) / m)
    by (rewrite E1; field; auto).
  replace (peval vars (fst s) / meval D (snd s)) with (peval vars (fst s) * meval D (msub (snd r) (snd s)) / m)
    by (rewrite E2; field; auto).
  field. exact K.
Qed.

Lemma rmul_ok r s x y : means r x -> means s y -> means (rmul r s) (x * y).
Proof.
  intros [V ->] [U ->]. unfold means, rvalid, rvalue, rmul in *. simpl. rewrite mmul_ok, pmul_ok. split.
  - now apply Rmult_integral_contrapositive_currified.
  - field. auto.
Qed.

Fixpoint rpow (r : ratio) (n : nat) : ratio :=
  match n with O => rconst 1 | S O => r | S n' => rmul r (rpow r n') end.
Lemma rpow_ok r x n : means r x -> means (rpow r n) (x ^ n).
Proof.
  intros H. induction n as [|n IH]; simpl.
  - rewrite <- Q2R_1. apply rconst_ok.
  - destruct n; [simpl; rewrite Rmult_1_r; exact H|]. now apply rmul_ok.
Qed.

(** 1/r for r ≠ 0, where r's polynomial is stated to be c times a product of powers of divisors. *)
Definition rinv (r : ratio) (c : Q) (f : mono) : option ratio :=
  if negb (Qeq_bool c 0) && psame (fst r) (pmul (pconst c) (dpow dens f)) then
    Some (pmul (pconst (/ c)) (dpow dens (msub (snd r) f)), msub f (snd r))
  else None.

Lemma rinv_ok r c f s x : means r x -> x <> 0 -> rinv r c f = Some s -> means s (/ x).
Proof.
  unfold rinv. intros [V ->] NZ. unfold means, rvalid, rvalue in *.
  destruct (Qeq_bool c 0) eqn:C; simpl; try discriminate.
  destruct (psame (fst r) (pmul (pconst c) (dpow dens f))) eqn:E; try discriminate. intros I; inversion I; subst; clear I.
  apply (psame_ok _ _ vars) in E. rewrite pmul_ok, pconst_ok, dpow_D in E. simpl.
  assert (Cn : ~ (c == 0)%Q) by (intros X; apply Qeq_bool_neq in C; auto).
  assert (C0 : Q2R c <> 0).
  { intros X. apply Cn, eqR_Qeq. rewrite X. unfold Q2R; simpl; field. }
  assert (F0 : meval D f <> 0).
  { intros X. apply NZ. rewrite E, X. unfold Rdiv. ring. }
  pose proof (mmax_ok f D (snd r)) as E1. pose proof (mmax_ok (snd r) D f) as E2. rewrite mmax_comm in E2.
  assert (K := mmax_valid _ D _ F0 V).
  assert (meval D (msub f (snd r)) <> 0) by (intros Z; apply K; rewrite E2, Z; ring).
  split; trivial.
  rewrite pmul_ok, pconst_ok, dpow_D, (Q2R_inv c Cn), E.
  assert (X : meval D f * meval D (msub (snd r) f) = meval D (snd r) * meval D (msub f (snd r))) by lra.
  revert X V F0 C0 H. generalize (meval D f), (meval D (snd r)), (meval D (msub (snd r) f)), (meval D (msub f (snd r))), (Q2R c).
  intros f' s' a b c' X V F0 C0 H. assert (S : s' = f' * a / b) by (rewrite X; field; auto).
  assert (A0 : a <> 0) by (intros Z; apply V; rewrite S, Z; unfold Rdiv; ring).
  rewrite S. field. auto.
Qed.

(** Are two ratios the same? *)
Definition rsame (r s : ratio) : bool :=
  psame (pmul (fst r) (dpow dens (msub (snd s) (snd r)))) (pmul (fst s) (dpow dens (msub (snd r) (snd s)))).
Lemma rsame_ok r s x y : means r x -> means s y -> rsame r s = true -> x = y.
Proof.
  intros R1 R2 H. pose proof (radd_ok r (pneg (fst s), snd s) x (- y) R1) as A.
  assert (B : means (pneg (fst s), snd s) (- y)).
  { destruct R2 as [U ->]. unfold means, rvalid, rvalue in *. simpl. rewrite pneg_ok. split; trivial. field; auto. }
  destruct (A B) as [V E]. unfold rvalue, radd in E. simpl in E.
  apply (psame_ok _ _ vars) in H. rewrite !pmul_ok in H.
  rewrite padd_ok, !pmul_ok, pneg_ok in E.
  replace (peval vars (fst r) * peval vars (dpow dens (msub (snd s) (snd r))) +
           - peval vars (fst s) * peval vars (dpow dens (msub (snd r) (snd s)))) with 0 in E by lra.
  unfold Rdiv in E. lra.
Qed.

(** Which powers of divisors are not 0 because others are not. *)
Fixpoint covered (m e : mono) : bool :=
  match m, e with
  | [], _ => true
  | x :: m', [] => N.eqb x 0 && covered m' []
  | x :: m', y :: e' => (N.eqb x 0 || negb (N.eqb y 0)) && covered m' e'
  end.
Lemma covered_ok m : forall ds e, covered m e = true -> meval ds e <> 0 -> meval ds m <> 0.
Proof.
  induction m as [|x m IH]; intros ds e H V; simpl in *; [lra|].
  destruct e as [|y e]; simpl in *.
  - apply andb_true_iff in H. destruct H as [X H]. apply N.eqb_eq in X. subst. simpl.
    specialize (IH (tl ds) [] H ltac:(simpl; lra)). lra.
  - apply andb_true_iff in H. destruct H as [X H].
    assert (meval (tl ds) e <> 0) by (intros Z; apply V; rewrite Z; ring).
    apply Rmult_integral_contrapositive_currified; [|now apply IH with e].
    apply orb_true_iff in X. destruct X as [X|X].
    + apply N.eqb_eq in X. subst. simpl. lra.
    + apply negb_true_iff, N.eqb_neq in X. apply pow_nonzero. intros Z.
      apply V. rewrite Z, pow_i by lia. ring.
Qed.
End Ratios.

(** ** The values of formulas as rational functions of chosen numbers: the values of the formulas `defs`. *)
Inductive step :=
| IsVar (k : nat)                            (* the k-th chosen formula itself *)
| IsOffset (k : nat)                         (* T, where the k-th is T + (-1)·C *)
| IsBetween (k : nat)                        (* x, where the k-th is (x - L)·(H - x)^-1, at least 0 *)
| IsEqual (t u : tree)                       (* t, where t + (-1)·u = 0 is known *)
| IsPower (g : tree) (powers : list (tree * Z)) (* e^g, where g is the sum of b·k and e^b is known, for each (b, k) *)
| IsLike (t u : tree)                        (* t = F(a), where u = F(b) is known and a, b have the same value *)
| IsNull (t : tree).                         (* log 1 and W0(0) *)

Record leaf := {
  defs : list tree; signs : list known; dens : list poly; steps : list step;
  inverses : list (tree * (Q * mono)) }.

Definition table := list (tree * ratio).
Definition look (tab : table) (t : tree) : option ratio :=
  option_map snd (find (fun e => same t (fst e)) tab).
Definition look_inverse (l : list (tree * (Q * mono))) (t : tree) : Q * mono :=
  match find (fun e => same t (fst e)) l with Some e => snd e | None => (0%Q, []) end.

Section Leaf.
Variable v : nat -> R.
Variable facts : list fact.
Variable L : leaf.
Hypothesis F : Forall (holds v) facts.
Let vars := map (eval v) (defs L).
Notation means' := (means vars (dens L)).

Definition inverse (t : tree) (r : ratio) : option ratio :=
  let h := look_inverse (inverses L) t in
  match fst r, snd r with
  | [([], c)], [] => if Qeq_bool c 0 then None else Some (rconst (/ c))
  | _, _ => if known_fact facts NonZero t || known_fact facts Positive t || match t with Exp _ => true | _ => false end then rinv (dens L) r (fst h) (snd h) else None
  end.

Fixpoint value (tab : table) (t : tree) : option ratio :=
  match look tab t with
  | Some r => Some r
  | None =>
    match t with
    | Num p q => Some (rconst (p # q))
    | Add a b => match value tab a, value tab b with Some r, Some s => Some (radd (dens L) r s) | _, _ => None end
    | Mul a b => match value tab a, value tab b with Some r, Some s => Some (rmul r s) | _, _ => None end
    | Pow a k =>
      match value tab a with
      | Some r =>
        match k with
        | Z0 => Some (rconst 1)
        | Zpos p => Some (rpow r (Pos.to_nat p))
        | Zneg p => option_map (fun s => rpow s (Pos.to_nat p)) (inverse a r)
        end
      | None => None
      end
    | _ => None
    end
  end.

Definition sound (tab : table) : Prop := forall t r, In (t, r) tab -> means' r (eval v t).

Lemma look_ok tab t r : sound tab -> look tab t = Some r -> means' r (eval v t).
Proof.
  unfold look. intros S H. destruct (find _ tab) as [[t' r']|] eqn:E; try discriminate.
  apply find_some in E. simpl in *. destruct E as [I E]. apply same_ok in E. inversion H; subst. auto.
Qed.

Lemma num_ok p q : eval v (Num p q) = Q2R (p # q).
Proof. unfold Q2R. simpl. destruct q; trivial. simpl. field. Qed.

Lemma inverse_ok t r s : means' r (eval v t) -> inverse t r = Some s -> means' s (/ eval v t).
Proof.
  intros R1 H. unfold inverse in H.
  assert (G : (if known_fact facts NonZero t || known_fact facts Positive t || match t with Exp _ => true | _ => false end
               then rinv (dens L) r (fst (look_inverse (inverses L) t)) (snd (look_inverse (inverses L) t)) else None)
              = Some s -> means' s (/ eval v t)).
  { intros G.
    destruct (known_fact facts NonZero t || known_fact facts Positive t || match t with Exp _ => true | _ => false end)
      eqn:E; try discriminate.
    apply rinv_ok with (3 := G); trivial. apply orb_true_iff in E. destruct E as [E|E].
    - apply orb_true_iff in E. destruct E as [E|E]; apply (known_fact_ok v) in E; trivial; simpl in E; lra.
    - destruct t; try discriminate. simpl. pose proof (exp_pos (eval v t)). lra. }
  destruct r as [N e]. simpl in *. destruct N as [|[m c] [|? ?]]; try (destruct m); try (destruct e); auto.
  destruct (Qeq_bool c 0) eqn:C; try discriminate. inversion H; subst; clear H.
  assert (Cn : ~ (c == 0)%Q) by (apply Qeq_bool_neq in C; auto).
  destruct R1 as [_ ->]. unfold rvalue. simpl.
  replace (/ ((Q2R c * 1 + 0) / 1)) with (Q2R (/ c)).
  - apply rconst_ok.
  - rewrite Q2R_inv by assumption. f_equal. field.
Qed.

Lemma power_neg x p : power x (Zneg p) = (/ x) ^ Pos.to_nat p.
Proof.
  assert (G : power x (Zneg p) = / x ^ Pos.to_nat p) by (destruct p; simpl; trivial; rewrite Rmult_1_r; reflexivity).
  rewrite G. symmetry. apply pow_inv.
Qed.

Lemma value_ok tab t : forall r, sound tab -> value tab t = Some r -> means' r (eval v t).
Proof.
  induction t; intros r S H; cbn [value] in H;
    match type of H with match look tab ?t with _ => _ end = _ =>
      destruct (look tab t) as [r0|] eqn:E; [inversion H; subst; exact (look_ok _ _ _ S E)|clear E] end;
    try discriminate.
  - inversion H; subst. rewrite num_ok. apply rconst_ok.
  - destruct (value tab t1), (value tab t2); try discriminate. inversion H; subst. simpl. apply radd_ok; auto.
  - destruct (value tab t1), (value tab t2); try discriminate. inversion H; subst. simpl. apply rmul_ok; auto.
  - destruct (value tab t) as [r0|]; try discriminate. specialize (IHt r0 S eq_refl).
    change (eval v (Pow t k)) with (power (eval v t) k). destruct k.
    + inversion H; subst. unfold power. rewrite <- Q2R_1. apply rconst_ok.
    + inversion H; subst. unfold power. apply rpow_ok, IHt.
    + destruct (inverse t r0) as [s|] eqn:I; try discriminate. simpl in H. inversion H; subst.
      rewrite power_neg. apply rpow_ok. now apply inverse_ok with (1 := IHt).
Qed.

Definition rvar (k : nat) : ratio := (pvar k, []).
Lemma rvar_ok k t : nth_error (defs L) k = Some t -> means' (rvar k) (eval v t).
Proof.
  intros H. unfold means, rvalid, rvalue, rvar. cbn [fst snd meval]. rewrite pvar_ok. split; [lra|].
  unfold vars. rewrite nth_error_nth with (x := eval v t).
  - field.
  - now apply map_nth_error.
Qed.

(** The signs of the chosen numbers, as far as facts say them. *)
Definition sign_known (t : tree) (s : known) : bool :=
  match s with
  | Any => true
  | AtLeast => known_fact facts NonNegative t || known_fact facts Positive t
  | More => known_fact facts Positive t || match t with Exp _ => true | _ => false end
  end.
Fixpoint signs_known (ts : list tree) (ss : list known) : bool :=
  match ts, ss with
  | t :: ts', s :: ss' => sign_known t s && signs_known ts' ss'
  | _, [] => true
  | [], _ => false
  end.

Lemma signs_known_ok ts : forall ss, signs_known ts ss = true -> all_known ss (map (eval v) ts).
Proof.
  induction ts as [|t ts IH]; intros [|s ss] H; simpl in *; trivial; try discriminate.
  apply andb_true_iff in H. destruct H as [K H]. split; [|now apply IH].
  destruct s; simpl in *; trivial; apply orb_true_iff in K; destruct K as [K|K];
    try (apply (known_fact_ok v) in K; [simpl in K; lra|exact F]).
  destruct t; try discriminate. simpl. apply exp_pos.
Qed.

(** One step: a formula and its value. *)
Fixpoint rlinear (tab : table) (l : list (tree * Z)) : option (ratio * ratio) :=
  match l with
  | [] => Some (rconst 0, rconst 1)
  | (b, k) :: l' =>
    match rlinear tab l', value tab b, value tab (Pow (Exp b) k) with
    | Some (s, p), Some r, Some q => Some (radd (dens L) (rmul (rconst (k # 1)) r) s, rmul q p)
    | _, _, _ => None
    end
  end.

Definition arguments (t u : tree) : option (list (tree * tree)) :=
  match t, u with
  | Exp a, Exp b | Log a, Log b | Lam0 a, Lam0 b | Lam1 a, Lam1 b => Some [(a, b)]
  | PairX a c e, PairX a' c' e' | PairY a c e, PairY a' c' e' => Some [(a, a'); (c, c'); (e, e')]
  | _, _ => None
  end.

Definition same_value (tab : table) (p : tree * tree) : bool :=
  match value tab (fst p), value tab (snd p) with Some r, Some s => rsame (dens L) r s | _, _ => false end.

Definition run (tab : table) (s : step) : option (tree * ratio) :=
  match s with
  | IsVar k => option_map (fun t => (t, rvar k)) (nth_error (defs L) k)
  | IsOffset k =>
    match nth_error (defs L) k with
    | Some (Add t (Mul (Num (-1) xH) c)) => option_map (fun r => (t, radd (dens L) (rvar k) r)) (value tab c)
    | _ => None
    end
  | IsBetween k =>
    match nth_error (defs L) k, nth k (signs L) Any with
    | _, Any => None
    | Some (Mul (Add x (Mul (Num (-1) xH) l)) (Pow (Add h (Mul (Num (-1) xH) x')) (-1))), _ =>
      let one := padd (pconst 1) (pvar k) in
      if same x x' && known_fact facts Positive (Add h (Mul (Num (-1) 1) x)) then
        match value tab l with
        | Some r => match value tab h with
          | Some s => match rinv (dens L) (one, []) 1 (snd (look_inverse (inverses L) (nth k (defs L) (Num 0 1)))) with
            | Some i => Some (x, rmul (radd (dens L) r (rmul s (rvar k))) i)
            | None => None
            end
          | None => None
          end
        | None => None
        end
      else None
    | _, _ => None
    end
  | IsEqual t u =>
    if known_fact facts IsZero (Add t (Mul (Num (-1) 1) u)) then option_map (pair t) (value tab u) else None
  | IsPower g l =>
    match value tab g, rlinear tab l with
    | Some r, Some (s, p) => if rsame (dens L) r s then Some (Exp g, p) else None
    | _, _ => None
    end
  | IsLike t u =>
    match arguments t u with
    | Some l => if forallb (same_value tab) l then option_map (pair t) (value tab u) else None
    | None => None
    end
  | IsNull t =>
    match t with
    | Log a => if same_value tab (a, Num 1 1) then Some (t, rconst 0) else None
    | Lam0 a => if same_value tab (a, Num 0 1) then Some (t, rconst 0) else None
    | _ => None
    end
  end.

Lemma power_pow x k : power (exp x) k = exp (IZR k * x).
Proof.
  assert (P : forall n, exp x ^ n = exp (INR n * x)).
  { induction n as [|n IH]; [simpl; rewrite Rmult_0_l, exp_0; reflexivity|].
    rewrite S_INR. simpl. rewrite IH, <- exp_plus. f_equal. ring. }
  destruct k as [|p|p].
  - simpl. rewrite Rmult_0_l, exp_0. reflexivity.
  - simpl. rewrite P, INR_IPR. reflexivity.
  - rewrite power_neg, pow_inv, P, <- exp_Ropp. f_equal. rewrite INR_IPR. change (IZR (Zneg p)) with (- IPR p). ring.
Qed.

Lemma rlinear_ok tab l : forall s p, sound tab -> rlinear tab l = Some (s, p) ->
  exists x, means' s x /\ means' p (exp x).
Proof.
  induction l as [|[b k] l IH]; intros s p S H; cbn [rlinear] in H.
  - inversion H; subst. exists (Q2R 0). split; [apply rconst_ok|].
    replace (exp (Q2R 0)) with (Q2R 1); [apply rconst_ok|].
    rewrite Q2R_1. replace (Q2R 0) with 0 by (unfold Q2R; simpl; field). now rewrite exp_0.
  - destruct (rlinear tab l) as [[s' p']|]; try discriminate.
    destruct (value tab b) as [r|] eqn:B; try discriminate.
    destruct (value tab (Pow (Exp b) k)) as [q|] eqn:Q; try discriminate.
    inversion H; subst. destruct (IH s' p' S eq_refl) as [x [X Y]].
    apply value_ok in B; trivial. apply value_ok in Q; trivial. cbn [eval] in Q. rewrite power_pow in Q.
    exists (Q2R (k # 1) * eval v b + x). split.
    + apply radd_ok; trivial. apply rmul_ok; trivial. apply rconst_ok.
    + rewrite exp_plus. apply rmul_ok; trivial.
      replace (Q2R (k # 1)) with (IZR k) by (unfold Q2R; simpl; field). exact Q.
Qed.

Lemma same_value_ok tab p : sound tab -> same_value tab p = true -> eval v (fst p) = eval v (snd p).
Proof.
  unfold same_value. intros S H. destruct (value tab (fst p)) eqn:A; try discriminate.
  destruct (value tab (snd p)) eqn:B; try discriminate.
  apply value_ok in A, B; trivial. now apply (rsame_ok _ _ _ _ _ _ A B).
Qed.

Lemma arguments_ok t u l : arguments t u = Some l ->
  (forall p, In p l -> eval v (fst p) = eval v (snd p)) -> eval v t = eval v u.
Proof.
  assert (one : forall a b, (forall p, In p [(a, b)] -> eval v (fst p) = eval v (snd p)) -> eval v a = eval v b).
  { intros a b G. apply (G (a, b)). simpl. auto. }
  assert (three : forall a b c d e f, (forall p, In p [(a, b); (c, d); (e, f)] -> eval v (fst p) = eval v (snd p)) ->
    eval v a = eval v b /\ eval v c = eval v d /\ eval v e = eval v f).
  { intros a b c d e f G. repeat split; [apply (G (a, b))|apply (G (c, d))|apply (G (e, f))]; simpl; auto. }
  destruct t, u; simpl; intros H; try discriminate; inversion H; subst; intros G;
    try (apply one in G; rewrite G; reflexivity); apply three in G; destruct G as [-> [-> ->]]; reflexivity.
Qed.

Lemma null_ok t : is IsZero (eval v t) -> means' (rconst 0) (eval v t).
Proof.
  simpl. intros ->. replace 0 with (Q2R 0) by (unfold Q2R; simpl; field). apply rconst_ok.
Qed.

Lemma W0_0 : W0 0 = 0.
Proof. apply W0_unique; [lra|ring]. Qed.

Lemma all_known_nth ss : forall vs k, all_known ss vs -> known_holds (nth k ss Any) (nth k vs 0).
Proof.
  induction ss as [|s ss IH]; intros vs k H; [destruct k; simpl; trivial|].
  simpl in H. destruct H as [A B]. destruct vs as [|w vs].
  - destruct k as [|k]; simpl in *; trivial. specialize (IH [] k B). destruct k; exact IH.
  - destruct k as [|k]; simpl in *; trivial. now apply IH.
Qed.

Lemma between_ok k x l h : all_known (signs L) vars -> nth k (signs L) Any <> Any -> 0 < eval v h + -1 * eval v x ->
  nth_error (defs L) k =
    Some (Mul (Add x (Mul (Num (-1) 1) l)) (Pow (Add h (Mul (Num (-1) 1) x)) (-1))) ->
  exists t, means' (rvar k) t /\ 0 <= t /\ eval v x = (eval v l + eval v h * t) * / (1 + t).
Proof.
  intros K Sg H E. set (t := (eval v x + -1 * eval v l) * / (eval v h + -1 * eval v x)).
  exists t. assert (T := rvar_ok _ _ E). change (means' (rvar k) t) in T. split; [exact T|].
  assert (P : 0 <= t).
  { assert (Kn := all_known_nth _ _ k K). unfold vars in Kn.
    rewrite (nth_error_nth (map (eval v) (defs L)) k 0 (map_nth_error (eval v) k (defs L) E)) in Kn.
    change (known_holds (nth k (signs L) Any) t) in Kn.
    destruct (nth k (signs L) Any); simpl in Kn; [congruence|lra|lra]. }
  split; [exact P|].
  assert (Q : t * (eval v h + -1 * eval v x) = eval v x + -1 * eval v l) by (unfold t; field; lra).
  apply Rmult_eq_reg_r with (1 + t); [|lra]. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma run_ok tab s t r : sound tab -> all_known (signs L) vars -> run tab s = Some (t, r) -> means' r (eval v t).
Proof.
  intros S K H. destruct s as [k|k|k|t' u|g l|t' u|t']; cbn [run] in H.
  - destruct (nth_error (defs L) k) eqn:E; try discriminate. inversion H; subst. now apply rvar_ok.
  - destruct (nth_error (defs L) k) as [d|] eqn:E; try discriminate.
    destruct d as [| |x y| | | | | | | | | | |]; try discriminate.
    destruct y as [| | |m c| | | | | | | | | |]; try discriminate.
    destruct m as [p q| | | | | | | | | | | | |]; try discriminate.
    destruct p as [|p|p]; try discriminate. destruct p; try discriminate. destruct q; try discriminate.
    destruct (value tab c) as [rc|] eqn:C; try discriminate. inversion H; subst.
    apply rvar_ok in E. apply value_ok in C; trivial. simpl in E.
    replace (eval v t) with ((eval v t + -1 * eval v c) + eval v c) by ring.
    now apply radd_ok.
  - destruct (nth_error (defs L) k) as [d|] eqn:E; try discriminate.
    2: { clear - H. revert H. case (nth k (signs L) Any); intros H; inversion H. }
    revert H. destruct (nth k (signs L) Any) eqn:Sg; intros H.
    { clear - H. destruct d; repeat match type of H with match ?x with _ => _ end = _ => destruct x end; inversion H. }
    all: destruct d as [| | |n d| | | | | | | | | |]; try discriminate;
      destruct n as [| |x y| | | | | | | | | | |]; try discriminate;
      destruct y as [| | |m l| | | | | | | | | |]; try discriminate;
      destruct m as [p q| | | | | | | | | | | | |]; try discriminate;
      destruct p as [|p|p]; try discriminate; destruct p; try discriminate; destruct q; try discriminate;
      destruct d as [| | | |d z| | | | | | | | |]; try discriminate;
      destruct d as [| |h y| | | | | | | | | | |]; try discriminate;
      destruct y as [| | |m x'| | | | | | | | | |]; try discriminate;
      destruct m as [p q| | | | | | | | | | | | |]; try discriminate;
      destruct p as [|p|p]; try discriminate; destruct p; try discriminate; destruct q; try discriminate;
      destruct z as [|z|z]; try discriminate; destruct z; try discriminate;
      destruct (same x x') eqn:Ex; try discriminate; apply same_ok in Ex; subst x';
      destruct (known_fact facts Positive (Add h (Mul (Num (-1) 1) x))) eqn:Hx; try discriminate;
      apply (known_fact_ok v) in Hx; trivial; simpl in Hx;
      destruct (value tab l) as [rl|] eqn:El; try discriminate;
      destruct (value tab h) as [rh|] eqn:Eh; try discriminate;
      destruct (rinv (dens L) (padd (pconst 1) (pvar k), []) 1 (snd (look_inverse (inverses L) (nth k (defs L) (Num 0 1))))) as [ri|] eqn:Ei;
      try discriminate; inversion H; subst; apply value_ok in El, Eh; trivial;
      (destruct (between_ok k t l h K ltac:(congruence) Hx E) as [tv [T [P ->]]]);
      (apply rmul_ok; [apply radd_ok; trivial; apply rmul_ok; trivial|]);
      (apply rinv_ok with (3 := Ei); [|lra]);
      (destruct T as [_ T]; unfold means, rvalid, rvalue, rvar in *; cbn [fst snd meval] in *; split; [lra|];
       rewrite padd_ok, pconst_ok, Q2R_1; rewrite T; field).
  - destruct (known_fact facts IsZero (Add t' (Mul (Num (-1) 1) u))) eqn:E; try discriminate.
    destruct (value tab u) eqn:U; try discriminate. inversion H; subst.
    apply (known_fact_ok v) in E; trivial. simpl in E. apply value_ok in U; trivial.
    replace (eval v t) with (eval v u) by lra. exact U.
  - destruct (value tab g) eqn:G; try discriminate. destruct (rlinear tab l) as [[s p]|] eqn:Rl; try discriminate.
    destruct (rsame (dens L) r0 s) eqn:Sm; try discriminate. inversion H; subst.
    destruct (rlinear_ok _ _ _ _ S Rl) as [x [X Y]]. apply value_ok in G; trivial. simpl.
    now rewrite (rsame_ok _ _ _ _ _ _ G X Sm).
  - destruct (arguments t' u) as [l|] eqn:A; try discriminate.
    destruct (forallb (same_value tab) l) eqn:E; try discriminate.
    destruct (value tab u) eqn:U; try discriminate. inversion H; subst. apply value_ok in U; trivial.
    rewrite forallb_forall in E.
    rewrite (arguments_ok _ _ _ A); trivial. intros q I. apply (same_value_ok tab q S), E, I.
  - assert (G : forall a, same_value tab (a, Num 1 1) = true -> ln (eval v a) = 0).
    { intros a Q. apply same_value_ok in Q; trivial. simpl in Q. rewrite Q. apply ln_1. }
    assert (G' : forall a, same_value tab (a, Num 0 1) = true -> W0 (eval v a) = 0).
    { intros a Q. apply same_value_ok in Q; trivial. simpl in Q. rewrite Q. apply W0_0. }
    destruct t' as [| | | | | |a|a| | | | | |]; try discriminate.
    + destruct (same_value tab (a, Num 1 1)) eqn:E; try discriminate. inversion H; subst.
      apply null_ok. simpl. now apply G.
    + destruct (same_value tab (a, Num 0 1)) eqn:E; try discriminate. inversion H; subst.
      apply null_ok. simpl. now apply G'.
Qed.

Fixpoint run_all (tab : table) (l : list step) : option table :=
  match l with
  | [] => Some tab
  | s :: l' => match run tab s with Some e => run_all (e :: tab) l' | None => None end
  end.

Lemma run_all_ok l : forall tab tab', all_known (signs L) vars -> sound tab -> run_all tab l = Some tab' -> sound tab'.
Proof.
  induction l as [|s l IH]; intros tab tab' K S H; simpl in H; [inversion H; subst; exact S|].
  destruct (run tab s) as [[t r]|] eqn:E; try discriminate.
  apply IH with (3 := H); trivial. intros t' r' [I|I]; [|now apply S].
  inversion I; subst. now apply run_ok with (3 := E).
Qed.

(** ** The two conclusions.
   A formula is 0 by equations: its polynomial, times divisors that are not 0, is a sum of multiples of theirs. *)
Fixpoint combination (tab : table) (l : list (tree * poly)) : option (poly * mono) :=
  match l with
  | [] => Some ([], [])
  | (t, c) :: l' =>
    if known_fact facts IsZero t then
      match value tab t, combination tab l' with
      | Some r, Some (p, e) => Some (padd (pmul c (fst r)) p, mmul (snd r) e)
      | _, _ => None
      end
    else None
  end.

Lemma combination_ok tab l : forall p e, sound tab -> combination tab l = Some (p, e) ->
  peval vars p = 0 /\ meval (map (peval vars) (dens L)) e <> 0.
Proof.
  induction l as [|[t c] l IH]; intros p e S H; simpl in H.
  - inversion H; subst. simpl. lra.
  - destruct (known_fact facts IsZero t) eqn:Z; try discriminate.
    destruct (value tab t) as [r|] eqn:V; try discriminate.
    destruct (combination tab l) as [[p' e']|]; try discriminate. inversion H; subst.
    destruct (IH p' e' S eq_refl) as [P E]. apply value_ok in V; trivial. destruct V as [U V].
    apply (known_fact_ok v) in Z; trivial. simpl in Z. unfold rvalid, rvalue in *. split.
    + rewrite padd_ok, pmul_ok, P. rewrite Z in V.
      assert (peval vars (fst r) = 0).
      { apply Rmult_eq_reg_r with (/ meval (map (peval vars) (dens L)) (snd r)); [|now apply Rinv_neq_0_compat].
        unfold Rdiv in V. lra. }
      rewrite H0. ring.
    + rewrite mmul_ok. now apply Rmult_integral_contrapositive_currified.
Qed.

Record ending := { equations : list (tree * poly); times : mono }.

Definition vanishes (tab : table) (n : poly) (e : mono) (E : ending) : bool :=
  match combination tab (equations E) with
  | Some (p, e') => covered (times E) (mmul e e') && psame (pmul n (dpow (dens L) (times E))) p
  | None => false
  end.

Lemma vanishes_ok tab n e E : sound tab -> meval (map (peval vars) (dens L)) e <> 0 ->
  vanishes tab n e E = true -> peval vars n = 0.
Proof.
  unfold vanishes. intros S V H. destruct (combination tab (equations E)) as [[p e']|] eqn:C; try discriminate.
  apply andb_true_iff in H. destruct H as [K H]. destruct (combination_ok _ _ _ _ S C) as [P Q].
  apply (psame_ok _ _ vars) in H. rewrite pmul_ok, P in H.
  apply Rmult_integral in H. destruct H as [H|H]; trivial. exfalso. revert H.
  rewrite dpow_ok. apply covered_ok with (1 := K). rewrite mmul_ok. now apply Rmult_integral_contrapositive_currified.
Qed.

Definition leaf_table : option table := if signs_known (defs L) (signs L) then run_all [] (steps L) else None.

Lemma leaf_table_ok tab : leaf_table = Some tab -> sound tab /\ all_known (signs L) vars.
Proof.
  unfold leaf_table. intros H. destruct (signs_known (defs L) (signs L)) eqn:K; try discriminate.
  apply signs_known_ok in K. split; trivial. apply run_all_ok with (3 := H); trivial. intros t r [].
Qed.

Definition is_zero (f : tree) (E : ending) : bool :=
  match leaf_table with
  | Some tab => match value tab f with Some (n, e) => vanishes tab n e E | None => false end
  | None => false
  end.

Theorem is_zero_ok f E : is_zero f E = true -> eval v f = 0.
Proof.
  unfold is_zero. intros H. destruct leaf_table as [tab|] eqn:T; try discriminate.
  destruct (leaf_table_ok _ T) as [S _]. destruct (value tab f) as [[n e]|] eqn:V; try discriminate.
  apply value_ok in V; trivial. destruct V as [U ->]. unfold rvalid, rvalue in *. simpl in *.
  rewrite (vanishes_ok _ _ _ _ S U H). unfold Rdiv. ring.
Qed.

(** A formula has a sign: it is a product of powers of polynomials, whose coefficients show their signs. *)
Fixpoint tops (l : list (poly * Z)) : poly :=
  match l with
  | [] => pconst 1
  | (p, Zpos k) :: l' => pmul (ppow p (Npos k)) (tops l')
  | _ :: l' => tops l'
  end.
Fixpoint bottoms (l : list (poly * Z)) : poly :=
  match l with
  | [] => pconst 1
  | (p, Zneg k) :: l' => pmul (ppow p (Npos k)) (bottoms l')
  | _ :: l' => bottoms l'
  end.
Definition factor_ok (strict : bool) (f : poly * Z) : bool :=
  match psign (signs L) (fst f), snd f with
  | _, Z0 => true
  | More, _ => true
  | AtLeast, Zpos _ => negb strict
  | Any, Zpos k => negb strict && N.even (Npos k)
  | _, _ => false
  end.

Lemma factors_ok strict l : all_known (signs L) vars -> forallb (factor_ok strict) l = true ->
  0 < peval vars (bottoms l) /\ 0 <= peval vars (tops l) /\ (strict = true -> 0 < peval vars (tops l)).
Proof.
  intros K. induction l as [|[p k] l IH]; intros H.
  - simpl. rewrite Q2R_1. lra.
  - cbn [forallb] in H. apply andb_true_iff in H. destruct H as [H G]. destruct (IH G) as [B [T T']].
    unfold factor_ok in H. cbn [fst snd] in H. pose proof (psign_ok p _ _ K) as P.
    destruct k as [|k|k]; cbn [tops bottoms].
    + auto.
    + rewrite pmul_ok, ppow_ok. split; [exact B|].
      destruct (psign (signs L) p); simpl in P.
      * apply andb_true_iff in H. destruct H as [H E]. apply even_pow with (x := peval vars p) in E.
        split; [now apply Rmult_le_pos|]. intros ->. discriminate.
      * split; [apply Rmult_le_pos; trivial; now apply pow_le|]. intros ->. discriminate.
      * split; [apply Rmult_le_pos; trivial; apply pow_le; lra|].
        intros Z. apply Rmult_lt_0_compat; auto. now apply pow_lt.
    + rewrite pmul_ok, ppow_ok. split; [|auto].
      destruct (psign (signs L) p); try discriminate. simpl in P. apply Rmult_lt_0_compat; trivial. now apply pow_lt.
Qed.

Definition has_sign (strict : bool) (f : tree) (c : Q) (l : list (poly * Z)) (E : ending) : bool :=
  match leaf_table with
  | Some tab =>
    match value tab f with
    | Some (n, e) =>
      (if strict then negb (Qle_bool c 0) else Qle_bool 0 c) && forallb (factor_ok strict) l &&
      vanishes tab (padd (pmul n (bottoms l)) (pneg (pmul (pmul (pconst c) (tops l)) (dpow (dens L) e)))) e E
    | None => false
    end
  | None => false
  end.

Theorem has_sign_ok strict f c l E : has_sign strict f c l E = true ->
  is (if strict then Positive else NonNegative) (eval v f).
Proof.
  unfold has_sign. intros H. destruct leaf_table as [tab|] eqn:T; try discriminate.
  destruct (leaf_table_ok _ T) as [S K]. destruct (value tab f) as [[n e]|] eqn:V; try discriminate.
  apply value_ok in V; trivial. destruct V as [U ->]. unfold rvalid, rvalue in *. cbn [fst snd] in *.
  apply andb_true_iff in H. destruct H as [H X]. apply andb_true_iff in H. destruct H as [C G].
  destruct (factors_ok strict l K G) as [B [Tp Tp']].
  apply vanishes_ok in X; trivial. rewrite padd_ok, pneg_ok, !pmul_ok, pconst_ok, dpow_ok in X.
  set (De := meval (map (peval vars) (dens L)) e) in *.
  assert (X' : peval vars n / De = Q2R c * peval vars (tops l) / peval vars (bottoms l)).
  { apply Rmult_eq_reg_r with (De * peval vars (bottoms l));
      [|apply Rmult_integral_contrapositive_currified; trivial; lra].
    field_simplify; try lra. }
  rewrite X'. assert (I := Rinv_0_lt_compat _ B). unfold Rdiv. destruct strict; simpl.
  - apply negb_true_iff in C. assert (0 < Q2R c).
    { destruct (Qlt_le_dec 0 c) as [Y|Y].
      - apply Qlt_Rlt in Y. replace (Q2R 0) with 0 in Y by (unfold Q2R; simpl; field). exact Y.
      - apply Qle_bool_iff in Y. congruence. }
    apply Rmult_lt_0_compat; trivial. apply Rmult_lt_0_compat; auto.
  - apply Qle_bool_iff, Qle_Rle in C. replace (Q2R 0) with 0 in C by (unfold Q2R; simpl; field).
    apply Rmult_le_pos; [|lra]. now apply Rmult_le_pos.
Qed.
End Leaf.
End Values.
