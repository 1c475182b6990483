//! Percentiles and the rows of the table.
use std::time::Duration;

pub fn percentile(sorted: &[Duration], p: f64) -> Duration {
    let at = ((sorted.len() as f64 - 1.0) * p).round() as usize;
    sorted.get(at).copied().unwrap_or_default()
}

pub fn millis(d: Duration) -> String {
    format!("{:.2} ms", d.as_secs_f64() * 1000.0)
}

/// p50, p99 and maximum as text.
pub fn summary(mut samples: Vec<Duration>) -> String {
    samples.sort();
    let (p50, p99) = (percentile(&samples, 0.5), percentile(&samples, 0.99));
    let max = samples.last().copied().unwrap_or_default();
    format!("p50 {}, p99 {}, max {} (n={})", millis(p50), millis(p99), millis(max), samples.len())
}

pub fn row(measure: &str, figure: &str, target: &str) {
    println!("| {measure} | {figure} | {target} |");
}
