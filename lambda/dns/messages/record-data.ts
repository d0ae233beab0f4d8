/** The data of the records that are read: RFC 1035 3.3, RFC 3596, RFC 4034, RFC 6698. Data without names is decoded by dns-packet. */

import packet from 'dns-packet';
import type { MailExchanger } from '../mail-exchangers.ts';

export interface SoaData {
  /** The primary server. */
  readonly primary: string;
  readonly contact: string;
  readonly serial: number;
  /** Seconds. */
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** Seconds for which an answer without records is kept (RFC 2308 4). */
  readonly minimum: number;
}

export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  /** Hexadecimal, in lower case. */
  readonly data: string;
}

export interface DsData {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  /** Hexadecimal, in lower case. */
  readonly digest: string;
}

export interface DnskeyData {
  readonly flags: number;
  readonly algorithm: number;
  /** Base64. */
  readonly key: string;
  /** RFC 4034 appendix B. */
  readonly keyTag: number;
}

export interface RrsigData {
  /** The number of the type that is signed. */
  readonly covered: number;
  readonly algorithm: number;
  readonly keyTag: number;
  readonly signer: string;
  /** Milliseconds since 1970. */
  readonly inception: number;
  readonly expiration: number;
}

export interface RecordData {
  readonly A: string;
  readonly AAAA: string;
  readonly NS: string;
  readonly CNAME: string;
  readonly SOA: SoaData;
  readonly PTR: string;
  readonly MX: MailExchanger;
  /** The strings joined, one character per octet (RFC 1035 3.3.14). */
  readonly TXT: string;
  readonly DS: DsData;
  readonly RRSIG: RrsigData;
  readonly DNSKEY: DnskeyData;
  readonly TLSA: TlsaRecord;
}

export type DataType = keyof RecordData;

export const TYPE_NUMBERS: Readonly<Record<DataType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  DS: 43,
  RRSIG: 46,
  DNSKEY: 48,
  TLSA: 52,
};

export const TYPE_NAMES: ReadonlyMap<number, DataType> = new Map(
  (Object.keys(TYPE_NUMBERS) as DataType[]).map((type) => [TYPE_NUMBERS[type], type]),
);

/** The data of one record inside its message. */
export interface DataOctets {
  readonly octets: Buffer;
  /** The name at an offset of the data, and the offset after it. Throws if it does not end inside the data. */
  nameAt(offset: number): { readonly name: string; readonly end: number };
}

type Decoders = { readonly [Type in DataType]: (data: DataOctets) => RecordData[Type] };

const onlyName = (data: DataOctets) => data.nameAt(0).name;

/** Each throws if the data is damaged. */
export const DECODERS: Decoders = {
  A: ({ octets }) => exactly(4, octets) && decoded<string>('A', octets),
  AAAA: ({ octets }) => exactly(16, octets) && decoded<string>('AAAA', octets),
  NS: onlyName,
  CNAME: onlyName,
  PTR: onlyName,
  SOA: soaData,
  MX: (data) => ({ host: data.nameAt(2).name, preference: data.octets.readUInt16BE(0) }),
  TXT: ({ octets }) => Buffer.concat(decoded<Buffer[]>('TXT', octets)).toString('latin1'),
  DS: dsData,
  RRSIG: rrsigData,
  DNSKEY: dnskeyData,
  TLSA: tlsaData,
};

interface Codec {
  decode(octets: Buffer, offset: number): unknown;
}

/** The declarations of dns-packet lack the codecs of single records. */
const { record: codecOf } = packet as unknown as { record(type: DataType): Codec };

/** dns-packet decodes the data with its length before it. */
function decoded<Value>(type: DataType, octets: Buffer): Value {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(octets.length);
  return codecOf(type).decode(Buffer.concat([length, octets]), 0) as Value;
}

function exactly(length: number, octets: Buffer): true {
  if (octets.length !== length) throw new RangeError(`${octets.length} octets instead of ${length}`);
  return true;
}

function atLeast(length: number, octets: Buffer): void {
  if (octets.length < length) throw new RangeError(`${octets.length} octets, less than ${length}`);
}

function soaData(data: DataOctets): SoaData {
  const primary = data.nameAt(0);
  const contact = data.nameAt(primary.end);
  const number = (nth: number) => data.octets.readUInt32BE(contact.end + 4 * nth);
  const times = { refresh: number(1), retry: number(2), expire: number(3), minimum: number(4) };
  return { primary: primary.name, contact: contact.name, serial: number(0), ...times };
}

function tlsaData({ octets }: DataOctets): TlsaRecord {
  atLeast(3, octets);
  type Decoded = { usage: number; selector: number; matchingType: number; certificate: Buffer };
  const { usage, selector, matchingType, certificate } = decoded<Decoded>('TLSA', octets);
  return { usage, selector, matching: matchingType, data: certificate.toString('hex') };
}

function dsData({ octets }: DataOctets): DsData {
  atLeast(5, octets);
  const { digest, ...numbers } = decoded<Omit<DsData, 'digest'> & { digest: Buffer }>('DS', octets);
  return { ...numbers, digest: digest.toString('hex') };
}

function dnskeyData({ octets }: DataOctets): DnskeyData {
  atLeast(5, octets);
  const { flags, algorithm, key } = decoded<{ flags: number; algorithm: number; key: Buffer }>('DNSKEY', octets);
  return { flags, algorithm, key: key.toString('base64'), keyTag: keyTagOf(octets) };
}

/** RFC 4034 appendix B. */
function keyTagOf(octets: Buffer): number {
  const sum = octets.reduce((total, octet, nth) => total + (nth % 2 === 0 ? octet * 256 : octet), 0);
  return (sum + Math.floor(sum / 65_536)) & 0xffff;
}

/** RFC 4034 3.1: times are seconds in 32 bits. They are read as times until 2106. */
function rrsigData(data: DataOctets): RrsigData {
  const { octets } = data;
  const signer = data.nameAt(18).name;
  return {
    covered: octets.readUInt16BE(0),
    algorithm: octets.readUInt8(2),
    expiration: octets.readUInt32BE(8) * 1_000,
    inception: octets.readUInt32BE(12) * 1_000,
    keyTag: octets.readUInt16BE(16),
    signer,
  };
}
