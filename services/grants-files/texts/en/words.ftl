# What verbs, events and states are called

verb-ledger-open = open the ledger
verb-artifact-record-chunk = record a part of a catalogue file
verb-policy-publish-version = publish a policy version
verb-calendar-publish = publish a working-day calendar
verb-rate-publish = publish a rate
verb-enterprise-register = register an enterprise
verb-project-register = register a project
verb-budget-allocate = allocate a budget line
verb-budget-adjust = adjust a budget line
verb-external-open-round = record an external round
verb-external-report-award = report an external award
verb-fact-record = record a fact
verb-evidence-void = void evidence
verb-application-submit = submit an application
verb-application-withdraw = withdraw an application
verb-application-decide = decide an application
verb-award-confirm = confirm an award
verb-award-reduce = reduce an award
verb-award-revoke = revoke an award
verb-payment-instruct = instruct a payment
verb-payment-settle = record a settled payment
verb-payment-reject = record a rejected payment
verb-payment-return = record a returned payment
verb-recovery-approve = approve a recovery
verb-recovery-receive = record money recovered
verb-followup-continue = continue a review
verb-enterprise-rename = record a change of name
verb-enterprise-change-code = record a change of credit code
verb-enterprise-merge = record a merger
verb-enterprise-split = record a split
verb-enterprise-unlink = undo a link of enterprises
verb-enterprise-affiliate = record affiliates
verb-enterprise-disaffiliate = end a relation of affiliates
verb-project-link = link projects
verb-project-unlink = undo a link of projects
verb-sanction-impose = record a sanction
verb-sanction-lift = lift a sanction

event-ledger-opened = ledger opened
event-artifact-chunk-recorded = part of a catalogue file recorded
event-policy-version-published = policy version published
event-calendar-published = working-day calendar published
event-rate-published = rate published
event-enterprise-registered = enterprise registered
event-project-registered = project registered
event-budget-allocated = budget line allocated
event-budget-adjusted = budget line adjusted
event-external-round-opened = external round recorded
event-external-award-reported = external award reported
event-fact-recorded = fact recorded
event-evidence-voided = evidence voided
event-application-submitted = application submitted
event-application-withdrawn = application withdrawn
event-application-rejected = application rejected
event-award-proposed = award proposed
event-award-queued = award waits for money
event-award-dequeued = award reached by money
event-award-confirmed = award confirmed
event-award-unconfirmed = confirmation fell away
event-award-reduced = award reduced
event-award-revoked = award revoked
event-award-suspended = payment suspended
event-award-resumed = payment resumed
event-payment-instructed = payment instructed
event-payment-settled = payment settled
event-payment-rejected = payment rejected
event-payment-returned = payment returned
event-recovery-proposed = recovery proposed
event-recovery-withdrawn = proposed recovery withdrawn
event-recovery-approved = recovery approved
event-award-raised = award raised
event-award-raise-delayed = rise of an award waits
event-recovery-owed = recovery owed at once
event-recovery-reversed = recovery reversed
event-recovery-received = recovery received
event-followup-deferred = review to be continued
event-followup-completed = review taken up again
event-command-refused = refused
event-enterprise-renamed = enterprise renamed
event-enterprise-code-changed = credit code changed
event-enterprise-merged = enterprises merged
event-enterprise-split = enterprise split
event-enterprise-unlinked = link of enterprises undone
event-enterprise-affiliated = affiliates recorded
event-enterprise-disaffiliated = relation of affiliates ended
event-project-linked = projects linked
event-project-unlinked = link of projects undone
event-sanction-imposed = sanction recorded
event-sanction-lifted = sanction lifted

role-intake = intake
role-reviewer = reviewer
role-approver = approver
role-finance = finance
role-policy = policy
role-registrar = registrar
role-system = system

auth-local = local account
auth-simulated = simulated
auth-internal = internal

application-status-submitted = submitted
application-status-approved = approved
application-status-rejected = rejected
application-status-withdrawn = withdrawn

award-status-proposed = proposed
award-status-queued = queued
award-status-confirmed = confirmed
award-status-fulfilled = fulfilled
award-status-revoked = revoked
award-status-recovered = recovered

payment-status-instructed = instructed
payment-status-settled = settled
payment-status-rejected = rejected
payment-status-returned = returned

recovery-status-proposed = proposed
recovery-status-approved = approved
recovery-status-received = received
recovery-status-withdrawn = withdrawn
recovery-status-reversed = reversed

external-status-pending = pending
external-status-granted = granted
external-status-refused = refused
external-status-withdrawn = withdrawn

level-state = state
level-province = province
level-city = city
level-county = county

evidence-kind-invoice = invoice
evidence-kind-tickets = railway tickets
evidence-kind-loan = loan contract
evidence-kind-balance = loan balance
evidence-kind-document = decision document

direction-increase = increase
direction-decrease = decrease

account-appropriation = appropriation
account-available = available
account-reserved = reserved
account-payable = payable
account-in-transit = in transit
account-paid = paid
account-receivable = receivable
account-recovery-claims = recovery claims
account-recovered = recovered

side-debit = debit
side-credit = credit

follow-up-review = review
follow-up-dequeue = serve the queue
follow-up-revive = look at awards that a cap cut

exhaustion-queue = queue
exhaustion-refuse = refuse

step-in-force = term
step-condition = condition
step-overlap = overlap
step-sum = sum
step-rate-of = rate of an amount
step-fixed = fixed amount
step-per-unit = amount per unit
step-interest = interest
step-tier = cumulative scale
step-determined = determined amount
step-top-up = difference to the better
step-ceiling = ceiling
step-finding = for review
step-county = parameter of a county
step-share = share of a treasury

sanction-ground-fraud = fraud
sanction-ground-commitment-breached = commitment breached
sanction-ground-misuse = funds misused
sanction-ground-recovery-unpaid = recovery overdue
sanction-ground-dishonesty-list = on the list of serious dishonesty
sanction-ground-judgment-defaulter = judgment defaulter
sanction-ground-serious-violation = serious violation of law

sanction-reach-enterprise = the enterprise
sanction-reach-legal-representative = those of the same legal representative
sanction-reach-group = all affiliates
