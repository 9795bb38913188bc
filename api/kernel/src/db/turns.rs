use tokio::sync::{mpsc, oneshot};

/// Where the requests of one worker thread meet that ask the database for the same kind of thing: those that arrive while
/// others are being answered go together in the next turn. What they cost is mostly the statement, not its rows. Nobody
/// waits for company: a request that arrives alone is a turn of its own.
pub struct Turns<Asked, Answer> {
    queue: mpsc::UnboundedSender<(Asked, oneshot::Sender<Answer>)>,
}

impl<Asked: 'static, Answer: 'static> Turns<Asked, Answer> {
    /// Starts turns of at most `at_most` on the current worker thread; they end with the last handle. `take` gives an
    /// answer for each of a turn, in its order, or none for what it passes over.
    pub fn start(at_most: usize, take: impl AsyncFn(&[Asked]) -> Vec<Option<Answer>> + 'static) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel::<(Asked, oneshot::Sender<Answer>)>();
        actix_web::rt::spawn(async move {
            let (mut asked, mut tellers) = (Vec::with_capacity(at_most), Vec::with_capacity(at_most));
            while let Some(first) = waiting.recv().await {
                asked.push(first.0);
                tellers.push(first.1);
                let mut counted = 0;
                // Requests that stand in the thread's sockets already belong to this turn: as long as the thread, which
                // reads them before it comes back here, finds any.
                while counted < asked.len() && asked.len() < at_most {
                    counted = asked.len();
                    tokio::task::yield_now().await;
                    while asked.len() < at_most
                        && let Ok((question, teller)) = waiting.try_recv()
                    {
                        asked.push(question);
                        tellers.push(teller);
                    }
                }
                let answers = take(&asked).await;
                asked.clear();
                for (teller, answer) in tellers.drain(..).zip(answers) {
                    if let Some(answer) = answer {
                        // A caller that has gone away needs no answer.
                        let _gone = teller.send(answer);
                    }
                }
            }
        });
        Self { queue }
    }

    /// The answer, or nothing where the turn passed this request over or failed.
    pub async fn ask(&self, asked: Asked) -> Option<Answer> {
        let (teller, answer) = oneshot::channel();
        if self.queue.send((asked, teller)).is_err() {
            tracing::error!("the turns of this thread have ended: its requests are served one by one");
        }
        answer.await.ok()
    }
}

impl<Asked, Answer> Clone for Turns<Asked, Answer> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::cell::RefCell;
    use std::rc::Rc;

    type Written = Rc<RefCell<Vec<Vec<u32>>>>;

    /// Doubles even numbers, passes odd ones over, and writes its turns down.
    fn doubling(at_most: usize) -> (Turns<u32, u32>, Written) {
        let written = Written::default();
        let turns = Rc::clone(&written);
        let take = async move |asked: &[u32]| {
            turns.borrow_mut().push(asked.to_vec());
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            asked.iter().map(|number| (number % 2 == 0).then_some(number * 2)).collect()
        };
        (Turns::start(at_most, take), written)
    }

    #[test]
    fn those_who_come_at_the_same_time_are_answered_in_one_turn() {
        actix_web::rt::System::new().block_on(async {
            let (turns, written) = doubling(4);
            assert_eq!(turns.ask(8).await, Some(16));
            let answers = join_all((0..6).map(|number| turns.ask(number))).await;
            assert_eq!(answers, [Some(0), None, Some(4), None, Some(8), None]);
            assert_eq!(*written.borrow(), [vec![8], vec![0, 1, 2, 3], vec![4, 5]]);
        });
    }

    #[test]
    fn a_turn_outlives_a_caller_that_goes_away_and_a_failure_answers_nobody() {
        actix_web::rt::System::new().block_on(async {
            let (turns, _) = doubling(4);
            let impatient = tokio::time::timeout(std::time::Duration::ZERO, turns.ask(2)).await;
            assert!(impatient.is_err());
            assert_eq!(turns.ask(4).await, Some(8));
            let failing = Turns::<u32, u32>::start(4, async |_: &[u32]| vec![]);
            assert_eq!(join_all((0..3).map(|number| failing.ask(number))).await, [None; 3]);
        });
    }
}
