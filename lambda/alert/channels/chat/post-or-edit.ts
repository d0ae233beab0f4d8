/** One message per incident: it is edited as the incident goes on, and what people must see is posted besides. */
import type { PostedMessage, Refused, SentMessage } from '../sender.ts';
import type { SendOutcome } from './chat-ports.ts';

/** `message`: the name of the message at the service. */
export type PostOutcome = { readonly taken: true; readonly message: string } | (Refused & Refusal);
type Refusal = { readonly refusesSecret?: boolean };
export type EditOutcome = { readonly taken: true } | (Refused & Refusal & { readonly isGone?: boolean });

/** A place whose messages can be edited. */
export interface EditableRoom {
  post(): Promise<PostOutcome>;
  edit(message: string): Promise<EditOutcome>;
  /** The evidence below a message that was just posted. Absent where there are no threads. */
  addDetails?(message: string): Promise<EditOutcome>;
  /** Says below the message what the edit shows. @param isLoud whether everybody in the room is to see it */
  follow(message: string, isLoud: boolean): Promise<EditOutcome>;
}

export async function postOrEdit(room: EditableRoom, message: SentMessage): Promise<SendOutcome> {
  const { posted } = message;
  if (posted === undefined) return await postNew(room, message);
  const edited = await room.edit(posted.message);
  if (edited.taken) return await afterEdit(room, message, posted);
  // A person deleted it, or it is too old.
  return edited.isGone === true ? await postNew(room, message) : edited;
}

async function postNew(room: EditableRoom, sent: SentMessage): Promise<SendOutcome> {
  const result = await room.post();
  if (!result.taken) return result;
  const { message } = result;
  if (room.addDetails !== undefined) await sent.remember?.({ message, alert: null });
  return await withDetails(room, message, sent, 'posted');
}

/**
 * The message itself has arrived: a thread that fails is no reason to send it again. A service that only wants to be asked later
 * gets the thread later, if it is known by then that the message is there.
 */
async function withDetails(
  room: EditableRoom,
  message: string,
  { alert, remember }: SentMessage,
  answer: string,
): Promise<SendOutcome> {
  const details = await room.addDetails?.(message);
  if (details?.taken === false && details.retryAfter !== null && remember !== undefined) return details;
  return { taken: true, answer, posted: { message, alert: alert.id } };
}

async function afterEdit(room: EditableRoom, sent: SentMessage, posted: PostedMessage): Promise<SendOutcome> {
  const { alert } = sent;
  const done: SendOutcome = { taken: true, answer: 'edited', posted: { message: posted.message, alert: alert.id } };
  if (posted.alert === alert.id) return done;
  const isOver = alert.incident !== null && alert.incident.closed !== null;
  if (posted.alert === null && !isOver) return await withDetails(room, posted.message, sent, 'edited');
  const followed = await room.follow(posted.message, isLoud(sent));
  return followed.taken || !isLoud(sent) ? done : followed;
}

/**
 * Nobody is notified of an edit. An update changes only what is known; of a group, everybody is told of its begin by the message
 * itself, and of its end.
 */
function isLoud({ alert, edits }: SentMessage): boolean {
  return edits === undefined ? alert.kind !== 'update' : alert.digest?.group?.open === 0;
}
