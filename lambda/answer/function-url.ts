/**
 * Requests and answers as a Lambda function URL has them: payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import type { HttpRequest, HttpResponse } from './http.ts';

export interface FunctionUrlEvent {
  readonly version: '2.0';
  /** As it was sent: not decoded. */
  readonly rawPath: string;
  /** Names are in lower case; several values of one are joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp: string } };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface FunctionUrlResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A text body is UTF-8 as it was received; any other one is in base64. */
export function requestOfEvent({ rawPath, headers, requestContext, ...event }: FunctionUrlEvent): HttpRequest {
  const { method, sourceIp } = requestContext.http;
  return {
    method: method.toUpperCase(),
    path: rawPath,
    headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    source: sourceIp,
  };
}

export function resultOfAnswer({ status, headers, body }: HttpResponse): FunctionUrlResult {
  return { statusCode: status, headers, body };
}
