//! The command line as a user meets it.

use std::process::Output;

use assert_cmd::Command;

fn gleaner(arguments: &[&str]) -> Output {
    Command::cargo_bin("gleaner")
        .expect("the binary is built")
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn wrong_usage_is_status_2_and_help_is_0() {
    assert_eq!(gleaner(&["extract"]).status.code(), Some(2));
    assert_eq!(gleaner(&["no-such-command"]).status.code(), Some(2));
    let help = gleaner(&["extract", "--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(stdout(&help).contains("Example"));
}
