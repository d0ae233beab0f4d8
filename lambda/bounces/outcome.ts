/** What became of one message for one recipient, without naming either. Sources of bounces make these; counts are made of them. */
export interface DeliveryOutcome {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'delivered' | 'deferred' | 'bounced';
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
