/** What became of one message for one recipient, without naming either. Sources of bounces make these; counts are made of them. */
export interface DeliveryOutcome {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: OutcomeKind;
  /** The domain of the sender; `-` if it is not known. */
  readonly from: string;
  readonly provider: string;
  /** `5.7.515`. */
  readonly code: string;
  /** What the server said, without addresses of people. */
  readonly text: string;
  /** Seconds from the first attempt to the delivery, or to the failure. */
  readonly delay: number;
}

/**
 * `complained`: the recipient reported a delivered message as spam. `rejected`: the sending service did not send the message,
 * because of its content.
 */
export type OutcomeKind = 'delivered' | 'deferred' | 'bounced' | 'complained' | 'rejected';

/** What a source saw at once, such as one event or one line of a log. */
export interface BounceRecord {
  /** The same for the same record when it arrives again: 8 characters that say nothing of a person or a message. */
  readonly id: string;
  /** All of one time. */
  readonly outcomes: readonly DeliveryOutcome[];
}
