# Sentences of what an enterprise could receive (grants entitlements).

entitlements-on = Applying on { $on }, under policy version { $version }
entitlements-project = { " " }(project { $about })
entitlements-title = { " " }(title { $about })
entitlements-from = { " " }(with the facts and evidence of application { $about })
entitlements-no-project = a project is needed, and the enterprise has none registered
entitlements-due = { $amount } yuan due, paid by { $payer }
entitlements-refused = refused: { $why }
entitlements-undecidable = cannot be decided yet: { $why }
entitlements-incomplete = cannot be decided yet: evidence is missing
entitlements-lacks-fact = missing: { $title } ({ $name }, from { $places })
entitlements-lacks-evidence = missing evidence: { $kind }
entitlements-or-another = { " " }(or another fact of the same condition)
entitlements-cap = cap { $cap } ({ $window }): limit { $limit } yuan, used { $used } yuan, left { $room } yuan
entitlements-received = awarded { $award }: { $amount } yuan, paid { $paid } yuan, { $status }
entitlements-in-kind = Support that is recorded and not paid:
entitlements-recorded = Projects and facts on record:
entitlements-in-application = the application
entitlements-in-project = the registered project
entitlements-in-linked-projects = the registered projects of one investment
entitlements-in-enterprise = the registered enterprise
entitlements-of-project = records about the project
entitlements-of-enterprise = records about the enterprise
entitlements-of-named = records about the title or thing
entitlements-barred-until = missing: barred until { $until } by sanction { $document }
entitlements-barred = missing: barred by sanction { $document } until it is lifted
