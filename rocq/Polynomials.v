(** Polynomials with rational coefficients, as lists of terms: sums, products, and what coefficients say of signs. *)
From Coq Require Import Reals QArith Qreals List ZArith NArith Bool Lra Lia.
Import ListNotations.
Open Scope R_scope.

Definition mono := list N.
Definition poly := list (mono * Q).

(** Values: the variables are the numbers of a list, 0 beyond its end. *)
Fixpoint meval (v : list R) (m : mono) : R :=
  match m with
  | [] => 1
  | e :: m' => hd 0 v ^ N.to_nat e * meval (tl v) m'
  end.

Fixpoint peval (v : list R) (p : poly) : R :=
  match p with
  | [] => 0
  | (m, c) :: p' => Q2R c * meval v m + peval v p'
  end.

(** Monomials. *)
Fixpoint mmul (a b : mono) : mono :=
  match a, b with
  | [], _ => b
  | _, [] => a
  | x :: a', y :: b' => (x + y)%N :: mmul a' b'
  end.

Fixpoint under (b : mono) : comparison :=
  match b with [] => Eq | y :: b' => if N.eqb y 0 then under b' else Lt end.
Fixpoint mcmp (a b : mono) : comparison :=
  match a with
  | [] => under b
  | x :: a' =>
    match b with
    | [] => if N.eqb x 0 then mcmp a' [] else Gt
    | y :: b' => match N.compare x y with Eq => mcmp a' b' | c => c end
    end
  end.

Lemma mmul_ok a : forall v b, meval v (mmul a b) = meval v a * meval v b.
Proof.
  induction a as [|x a IH]; intros v [|y b]; simpl; try ring.
  rewrite IH, N2Nat.inj_add, pow_add. ring.
Qed.

Lemma under_ok b : forall v, under b = Eq -> meval v b = 1.
Proof.
  induction b as [|y b IH]; intros v; simpl; trivial.
  destruct (N.eqb_spec y 0); intros; try discriminate. subst. simpl. rewrite IH by assumption. ring.
Qed.

Lemma mcmp_ok a : forall v b, mcmp a b = Eq -> meval v a = meval v b.
Proof.
  induction a as [|x a IH]; intros v b; simpl.
  - intros H. symmetry. now apply under_ok.
  - destruct b as [|y b]; simpl.
    + destruct (N.eqb_spec x 0); intros; try discriminate. subst. simpl. rewrite (IH _ [] H). simpl. ring.
    + destruct (N.compare_spec x y); intros; try discriminate. subst. rewrite (IH _ b H0). reflexivity.
Qed.

(** Sums. *)
Definition qadd a b := Qred (a + b)%Q.
Definition qmul a b := Qred (a * b)%Q.

Lemma qadd_ok a b : Q2R (qadd a b) = Q2R a + Q2R b.
Proof. unfold qadd. rewrite <- Q2R_plus. apply Qeq_eqR, Qred_correct. Qed.
Lemma qmul_ok a b : Q2R (qmul a b) = Q2R a * Q2R b.
Proof. unfold qmul. rewrite <- Q2R_mult. apply Qeq_eqR, Qred_correct. Qed.
Lemma qzero_ok c : Qeq_bool c 0 = true -> Q2R c = 0.
Proof. intros H. apply Qeq_bool_eq in H. apply Qeq_eqR in H. rewrite H. lra. Qed.

Fixpoint padd (p : poly) : poly -> poly :=
  match p with
  | [] => fun q => q
  | (m, c) :: p' =>
    fix inner q :=
      match q with
      | [] => p
      | (n, d) :: q' =>
        match mcmp m n with
        | Gt => (m, c) :: padd p' q
        | Lt => (n, d) :: inner q'
        | Eq => let s := qadd c d in if Qeq_bool s 0 then padd p' q' else (m, s) :: padd p' q'
        end
      end
  end.

Lemma padd_ok p : forall v q, peval v (padd p q) = peval v p + peval v q.
Proof.
  induction p as [|[m c] p IH]; intros v q.
  - simpl. ring.
  - induction q as [|[n d] q IHq].
    + simpl. ring.
    + change (padd ((m, c) :: p) ((n, d) :: q)) with
        (match mcmp m n with
         | Gt => (m, c) :: padd p ((n, d) :: q)
         | Lt => (n, d) :: padd ((m, c) :: p) q
         | Eq => let s := qadd c d in if Qeq_bool s 0 then padd p q else (m, s) :: padd p q
         end).
      destruct (mcmp m n) eqn:E.
      * pose proof (qadd_ok c d) as S. cbv zeta. destruct (Qeq_bool (qadd c d) 0) eqn:Z.
        -- rewrite (qzero_ok _ Z) in S. rewrite IH. simpl. rewrite (mcmp_ok _ v _ E).
           replace (Q2R c) with (- Q2R d) by lra. ring.
        -- simpl. rewrite S, IH, (mcmp_ok _ v _ E). ring.
      * simpl in *. rewrite IHq. ring.
      * simpl. rewrite IH. simpl. ring.
Qed.

(** Products. *)
Definition scale (m : mono) (c : Q) (p : poly) : poly := map (fun t => (mmul m (fst t), qmul c (snd t))) p.

Lemma scale_ok m c p : forall v, peval v (scale m c p) = Q2R c * meval v m * peval v p.
Proof.
  intros v. induction p as [|[n d] p IH]; simpl; [ring|].
  rewrite IH, mmul_ok, qmul_ok. simpl. ring.
Qed.

Fixpoint pmul (p q : poly) : poly :=
  match p with
  | [] => []
  | (m, c) :: p' => padd (scale m c q) (pmul p' q)
  end.

Lemma pmul_ok p : forall v q, peval v (pmul p q) = peval v p * peval v q.
Proof.
  intros v q. induction p as [|[m c] p IH]; simpl; [ring|].
  rewrite padd_ok, scale_ok, IH. ring.
Qed.

Definition pconst (c : Q) : poly := if Qeq_bool c 0 then [] else [([], c)].
Lemma pconst_ok c v : peval v (pconst c) = Q2R c.
Proof. unfold pconst. destruct (Qeq_bool c 0) eqn:E; simpl; [rewrite (qzero_ok _ E)|]; ring. Qed.

Fixpoint ppow_nat (p : poly) (n : nat) : poly :=
  match n with O => pconst 1 | S O => p | S n' => pmul p (ppow_nat p n') end.
Definition ppow p n := ppow_nat p (N.to_nat n).
Lemma ppow_nat_ok p v n : peval v (ppow_nat p n) = peval v p ^ n.
Proof.
  induction n as [|n IH]; simpl; [unfold Q2R; simpl; field|].
  destruct n; [simpl in *; ring|]. rewrite pmul_ok, IH. reflexivity.
Qed.
Lemma ppow_ok p v n : peval v (ppow p n) = peval v p ^ N.to_nat n.
Proof. apply ppow_nat_ok. Qed.

Definition pneg (p : poly) : poly := scale [] (-1) p.
Lemma pneg_ok p v : peval v (pneg p) = - peval v p.
Proof. unfold pneg. rewrite scale_ok. simpl. unfold Q2R; simpl. field. Qed.

(** Is it the zero polynomial? *)
Definition pzero (p : poly) : bool := forallb (fun t => Qeq_bool (snd t) 0) p.
Lemma pzero_ok p v : pzero p = true -> peval v p = 0.
Proof.
  induction p as [|[m c] p IH]; simpl; trivial. rewrite andb_true_iff. intros [E H].
  rewrite (IH H), (qzero_ok _ E). ring.
Qed.
Definition psame (p q : poly) : bool := pzero (padd p (pneg q)).
Lemma psame_ok p q v : psame p q = true -> peval v p = peval v q.
Proof. intros H. apply (pzero_ok _ v) in H. rewrite padd_ok, pneg_ok in H. lra. Qed.

Definition pvar (k : nat) : poly := [(repeat 0%N k ++ [1%N], 1%Q)].
Lemma single_ok k : forall v, meval v (repeat 0%N k ++ [1%N]) = nth k v 0.
Proof.
  induction k as [|k IH]; intros v; simpl.
  - destruct v; simpl; ring.
  - rewrite IH. destruct v; simpl; [destruct k|]; ring.
Qed.
Lemma pvar_ok k v : peval v (pvar k) = nth k v 0.
Proof. unfold pvar. cbn [peval]. rewrite single_ok. unfold Q2R. simpl. field. Qed.

(** What is known of the sign of a variable: nothing, that it is at least 0, or more than 0. *)
Inductive known := Any | AtLeast | More.
Definition known_holds (s : known) (x : R) : Prop :=
  match s with Any => True | AtLeast => 0 <= x | More => 0 < x end.
Fixpoint all_known (s : list known) (v : list R) : Prop :=
  match s with [] => True | k :: s' => known_holds k (hd 0 v) /\ all_known s' (tl v) end.

(** The sign of a monomial by those of its variables: None where it is unknown. *)
Definition weaker (a b : known) : known :=
  match a, b with Any, _ | _, Any => Any | AtLeast, _ | _, AtLeast => AtLeast | More, More => More end.
Definition power_sign (s : known) (e : N) : known :=
  if N.eqb e 0 then More else match s with Any => if N.even e then AtLeast else Any | _ => s end.
Fixpoint msign (s : list known) (m : mono) : known :=
  match m with
  | [] => More
  | e :: m' => weaker (power_sign (hd Any s) e) (msign (tl s) m')
  end.

Lemma weaker_ok a b x y : known_holds a x -> known_holds b y -> known_holds (weaker a b) (x * y).
Proof. destruct a, b; simpl; intros; trivial; (apply Rmult_lt_0_compat || apply Rmult_le_pos); lra. Qed.

Lemma even_pow x n : N.even n = true -> 0 <= x ^ N.to_nat n.
Proof.
  intros H. apply N.even_spec in H. destruct H as [k ->].
  rewrite N2Nat.inj_mul, pow_mult. apply pow_le. simpl. nra.
Qed.

Lemma power_sign_ok s x e : known_holds s x -> known_holds (power_sign s e) (x ^ N.to_nat e).
Proof.
  unfold power_sign. destruct (N.eqb_spec e 0) as [->|]; [simpl; lra|].
  destruct s; simpl; intros H.
  - destruct (N.even e) eqn:E; simpl; trivial. apply even_pow, E.
  - apply pow_le, H.
  - apply pow_lt, H.
Qed.

Lemma msign_ok m : forall s v, all_known s v -> known_holds (msign s m) (meval v m).
Proof.
  induction m as [|e m IH]; intros s v H; simpl; [lra|].
  apply weaker_ok.
  - apply power_sign_ok. destruct s; simpl in *; [trivial|apply H].
  - apply IH. destruct s; simpl in *; [trivial|apply H].
Qed.

(** All coefficients at least 0, beside monomials that are at least 0: so is the value; more, if one term is. *)
Fixpoint psign (s : list known) (p : poly) : known :=
  match p with
  | [] => AtLeast
  | (m, c) :: p' =>
    match msign s m, psign s p' with
    | Any, _ | _, Any => Any
    | k, r => if Qle_bool 0 c then
                match k, r with
                | _, More => More
                | More, _ => if Qeq_bool c 0 then AtLeast else More
                | _, _ => AtLeast
                end
              else Any
    end
  end.

Lemma psign_ok p : forall s v, all_known s v -> known_holds (psign s p) (peval v p).
Proof.
  induction p as [|[m c] p IH]; intros s v H; simpl; [lra|].
  specialize (IH s v H). pose proof (msign_ok m s v H) as M.
  destruct (msign s m), (psign s p); simpl; trivial; destruct (Qle_bool 0 c) eqn:E; simpl; trivial;
    apply Qle_bool_iff, Qle_Rle in E; replace (Q2R 0) with 0 in E by (unfold Q2R; simpl; field); simpl in *;
    try (assert (0 <= Q2R c * meval v m) by nra; lra).
  destruct (Qeq_bool c 0) eqn:Z; simpl.
  - assert (0 <= Q2R c * meval v m) by nra. lra.
  - assert (Q2R c <> 0).
    { intros X. apply Qeq_bool_neq in Z. apply Z, eqR_Qeq. rewrite X. unfold Q2R; simpl; field. }
    assert (0 < Q2R c * meval v m) by (apply Rmult_lt_0_compat; lra). lra.
Qed.
