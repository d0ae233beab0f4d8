/** The buttons of a Slack message: what each is called, and what a click of it means. */

/** What a person wants of an incident. */
export interface SlackAction {
  readonly kind: 'acknowledge' | 'mute';
  /** The id of the incident. */
  readonly incident: string;
  /** Of `mute`: for how long, milliseconds. */
  readonly length: number | null;
}

const BUTTONS = [
  { id: 'smtp-quorum-acknowledge', text: 'Acknowledge', kind: 'acknowledge', length: null },
  { id: 'smtp-quorum-mute-1h', text: 'Mute 1 h', kind: 'mute', length: 3_600_000 },
] as const;

/** Characters of the value of a button. https://docs.slack.dev/reference/block-kit/block-elements/button-element/ */
const LONGEST_VALUE = 2_000;

/** The block with the buttons; null if the id of the incident is too long for one. */
export function buttonsOf(incident: string): Readonly<Record<string, unknown>> | null {
  if (incident === '' || incident.length > LONGEST_VALUE) return null;
  const elements = BUTTONS.map(({ id, text }) => ({
    type: 'button',
    action_id: id,
    text: { type: 'plain_text', text, emoji: false },
    value: incident,
  }));
  return { type: 'actions', block_id: 'smtp-quorum-incident', elements };
}

/** The meaning of a click: of one entry of `actions` in Slack's `block_actions`; null if it is none of these buttons. */
export function slackActionOf(clicked: { readonly action_id?: unknown; readonly value?: unknown }): SlackAction | null {
  const button = BUTTONS.find(({ id }) => id === clicked.action_id);
  const { value } = clicked;
  if (button === undefined || typeof value !== 'string' || value === '' || value.length > LONGEST_VALUE) return null;
  return { kind: button.kind, incident: value, length: button.length };
}
