"""What fixes a finding, as edits of text: for editors, reports and `hardcut fix` alike."""
