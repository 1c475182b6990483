//! The built binary starts, says something, and fails as it should.
use crate::harness::process::Recipe;

#[tokio::test]
async fn commands_run_to_their_end() {
    let help = Recipe::command(&["--help"]).run("").await.success();
    assert!(help.contains("serve"), "{help}");
    let complaint = Recipe::command(&["no-such-command"]).run("").await.failure();
    assert!(complaint.contains("no-such-command"), "{complaint}");
}
