/** A step of a session with a mailbox. Every finding names one. `logout` is QUIT for POP3. */
export type MailboxPhase =
  | 'dns'
  | 'connect'
  | 'greeting'
  | 'capability'
  | 'starttls'
  | 'tls'
  | 'certificate'
  | 'auth'
  | 'list'
  | 'select'
  | 'search'
  | 'fetch'
  | 'store'
  | 'logout';
