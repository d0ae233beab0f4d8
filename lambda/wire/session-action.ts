/** What the owner of a socket does next, as a session without sockets tells it. */
export interface SessionAction {
  /** Data to send; may be empty. */
  readonly send: string;
  readonly next: 'read' | 'handshake' | 'close';
  /** The time limit of the server, on the clock of the events. */
  readonly until: number;
}
