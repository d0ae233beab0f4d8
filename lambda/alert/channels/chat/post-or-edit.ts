/** One message per incident: it is edited as the incident goes on, and what people must see is posted besides. */
import type { Alert } from '../../../consensus/judgement/incident.ts';
import type { PostedMessage, Refused, SentMessage } from '../sender.ts';
import type { SendOutcome } from '../service-ports.ts';

/** `message`: the name of the message at the service. */
export type PostOutcome = { readonly taken: true; readonly message: string } | (Refused & Refusal);
type Refusal = { readonly refusesSecret?: boolean };
export type EditOutcome = { readonly taken: true } | (Refused & Refusal & { readonly isGone?: boolean });

/** A place whose messages can be edited. */
export interface EditableRoom {
  post(): Promise<PostOutcome>;
  edit(message: string): Promise<EditOutcome>;
  /** The evidence below a message that was just posted. Absent where there are no threads. */
  addDetails?(message: string): Promise<unknown>;
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

async function postNew(room: EditableRoom, { alert, remember }: SentMessage): Promise<SendOutcome> {
  const result = await room.post();
  if (!result.taken) return result;
  const { message } = result;
  if (room.addDetails !== undefined) {
    await remember?.({ message, alert: null });
    // The message itself has arrived: a thread that fails is no reason to send it again.
    await room.addDetails(message);
  }
  return { taken: true, answer: 'posted', posted: { message, alert: alert.id } };
}

async function afterEdit(room: EditableRoom, { alert }: SentMessage, posted: PostedMessage): Promise<SendOutcome> {
  const done: SendOutcome = { taken: true, answer: 'edited', posted: { message: posted.message, alert: alert.id } };
  if (posted.alert === alert.id) return done;
  if (posted.alert === null) {
    await room.addDetails?.(posted.message);
    return done;
  }
  const followed = await room.follow(posted.message, isLoud(alert));
  return followed.taken || !isLoud(alert) ? done : followed;
}

/** Nobody is notified of an edit. An update changes only what is known. */
function isLoud({ kind }: Alert): boolean {
  return kind !== 'update';
}
