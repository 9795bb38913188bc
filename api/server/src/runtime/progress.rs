use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

/// Tells on stderr what a long start is doing: a moving line on a terminal, plain lines elsewhere.
#[derive(Clone)]
pub struct Progress(Arc<Shown>);

enum Shown {
    Bar(ProgressBar),
    Lines,
    Silent,
}

impl Progress {
    pub fn on_stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(Arc::new(Shown::Lines));
        }
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(Arc::new(Shown::Bar(bar)))
    }

    pub fn silent() -> Self {
        Self(Arc::new(Shown::Silent))
    }

    /// Says the present step.
    pub fn step(&self, message: &str) {
        match &*self.0 {
            Shown::Bar(bar) => bar.set_message(message.to_owned()),
            Shown::Lines => eprintln!("concilia: {message}"),
            Shown::Silent => {}
        }
    }

    /// Leaves the terminal to others.
    pub fn done(&self) {
        if let Shown::Bar(bar) = &*self.0 {
            bar.finish_and_clear();
        }
    }
}
