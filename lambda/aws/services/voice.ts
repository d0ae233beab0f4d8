/** Calls by AWS End User Messaging. Separate from `ports.ts`, so that only the bundle of `notify` has its client. */
import { PinpointSMSVoiceV2Client, SendVoiceMessageCommand, type VoiceId } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { VoiceCall } from '../../alert/channels/service-ports.ts';
import { clientSettings } from '../client-timeouts.ts';
import { fromEnvironment } from '../environment.ts';

let client: PinpointSMSVoiceV2Client | undefined;

/** Returns the id of the call. The number belongs to the home region. */
export async function placeCall(call: VoiceCall, abortSignal: AbortSignal): Promise<string> {
  client ??= new PinpointSMSVoiceV2Client(clientSettings(fromEnvironment('home')));
  const command = new SendVoiceMessageCommand({
    DestinationPhoneNumber: call.number,
    OriginationIdentity: call.from,
    MessageBody: call.ssml,
    MessageBodyTextType: 'SSML',
    VoiceId: call.voice as VoiceId,
    MaxPricePerMinute: call.mostPerMinute,
    TimeToLive: call.wantedFor,
    Context: { alert: call.alert },
  });
  const { MessageId = '' } = await client.send(command, { abortSignal });
  return MessageId;
}
