# How every event that moves or stops money is told.

told-application-rejected = Application { $application } is rejected: { $why }
told-award-proposed = { $award }: { $amount } yuan proposed (application { $application }), from { $line }
told-award-queued = { $award }: { $amount } yuan wait for budget line { $line }, place { $position }
told-award-dequeued = { $award }: { $amount } yuan reached by budget line { $line }
told-award-confirmed = { $award }: { $amount } yuan confirmed and payable
told-award-raised = { $award } raised by { $amount } yuan to { $stands } yuan ({ $interpretation })
told-award-raise-delayed = { $award }: { $amount } yuan could be given and wait for budget line { $line } or for the bank
told-award-reduced = { $award } reduced by { $amount } yuan to { $stands } yuan: { $why }
told-award-revoked = { $award }: { $amount } yuan revoked: { $why }
told-award-suspended = { $award }: payment suspended: { $why }
told-award-resumed = { $award }: payment resumed
told-payment-instructed = { $payment }: { $amount } yuan instructed ({ $award }), from { $line }
told-payment-settled = { $payment }: { $amount } yuan settled ({ $award }), bank reference { $bank_reference }
told-payment-rejected = { $payment } rejected, { $amount } yuan payable again ({ $award }): { $why }
told-payment-returned = { $payment } returned, { $amount } yuan payable again ({ $award }): { $why }
told-recovery-proposed = { $recovery }: recovery of { $amount } yuan proposed ({ $award }): { $why }
told-recovery-withdrawn = { $recovery }: the proposed recovery of { $amount } yuan is withdrawn ({ $award })
told-recovery-owed = { $recovery }: { $amount } yuan owed back at once ({ $award }, { $interpretation })
told-recovery-approved = { $recovery }: recovery of { $amount } yuan decided: { $document }
told-recovery-received = { $recovery }: { $amount } yuan recovered ({ $award }), bank reference { $bank_reference }
told-by-rule = by rule { $rule }, because of event { $cause }
