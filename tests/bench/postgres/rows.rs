//! The commands of the workload as the rows that PostgreSQL would have made of them.

use grants_domain::commands::Command;

/// Rows in the text form of `COPY`, by table.
#[derive(Default)]
pub(super) struct Rows {
    enterprises: Vec<String>,
    projects: Vec<String>,
    external_awards: Vec<String>,
    applications: Vec<String>,
    invoices: Vec<String>,
    budget_lines: Vec<String>,
}

impl Rows {
    /// Adds what a command of the workload makes; other commands make nothing that a decision looks at.
    pub(super) fn take(&mut self, command: &Command) {
        if let Command::RegisterEnterprise(request) = command {
            let industry = request.industry.as_ref().map_or("\\N", |industry| industry.as_str());
            self.enterprises.push(format!("{}\t{industry}", request.code));
        } else if let Command::RegisterProject(request) = command {
            let project = &request.project;
            let total = project.total_investment.get();
            let (from, to) = (project.validity.from(), project.validity.to());
            let (code, owner, treasury) = (&project.code, &project.enterprise, &project.treasury);
            self.projects.push(format!("{code}\t{owner}\t{treasury}\t{total}\t{from}\t{to}"));
        } else if let Command::ReportAward(request) = command {
            let (award, subject, level) = (&request.award, &request.subject, request.level);
            let (programme, status) = (&request.programme, request.status);
            self.external_awards.push(format!("{award}\t{subject}\t{level}\t{programme}\t{status}"));
        } else if let Command::AllocateBudget(request) = command {
            let (line, treasury, year) = (&request.line, &request.treasury, request.year);
            for measure in &request.measures {
                let amount = request.amount.get();
                self.budget_lines.push(format!("{line}\t{treasury}\t{year}\t{measure}\t{amount}"));
            }
        } else if let Command::SubmitApplication(request) = command {
            let (number, enterprise, measure) = (&request.application, &request.enterprise, &request.measure);
            let (Some(project), Some(invoice)) = (&request.project, request.evidence.first()) else { return };
            let (applied_on, key) = (request.applied_on, &invoice.key);
            self.applications
                .push(format!("{number}\t{enterprise}\t{project}\t{measure}\t{applied_on}\t{key}\tintake-1"));
            self.invoices.push(format!("{key}\t{}\t{}", invoice.date, invoice.amount.get()));
        }
    }

    /// One script that loads everything and gives one line.
    pub(super) fn into_copy(self) -> String {
        let tables = [
            ("enterprise (code, industry)", self.enterprises),
            ("project", self.projects),
            ("external_award", self.external_awards),
            (
                "application (number, enterprise, project, measure, applied_on, invoice, submitted_by)",
                self.applications,
            ),
            ("invoice (key, dated, net)", self.invoices),
            ("budget_line (line, treasury, year, measure, available)", self.budget_lines),
        ];
        let mut script = String::new();
        for (table, rows) in tables {
            script.push_str(&format!("COPY {table} FROM STDIN;\n"));
            for row in rows {
                script.push_str(&row);
                script.push('\n');
            }
            script.push_str("\\.\n");
        }
        script.push_str("SELECT 1;");
        script
    }
}
