"""Taking evidence: commands and questions that a plan names, run when somebody says so."""
