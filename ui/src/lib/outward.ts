// What the program tells others, as the server gives it; and why something could not be told, in words.

export interface Webhook {
  id: number; name: string; url: string; kinds: string[]; area: string; items: string[]; department: string; enabled: boolean; stopped: string | null; secret_lost: boolean
  made_at: string; waiting: number; waiting_since: string | null; given_up: number
}
export interface WebhookDelivery {
  id: string; entry: number; kind: string; state: 'waiting' | 'delivered' | 'given_up'; made_at: string; attempts: number; next_at: string | null
  status: number | null; trouble: string | null; done_at: string | null
}
export interface Peer {
  code: string; name: { zh: string; en: string }; url: string; department: { zh: string; en: string } | null; asked_until: string | null
  trouble: string | null; trouble_since: string | null; open: number; waiting: number; given_up: number
}
export interface HandoverMessage { entry: number; what: 'request' | 'update'; status: string | null; state: 'waiting' | 'said' | 'given_up'; made_at: string; attempts: number; next_at: string | null; trouble: string | null }
export interface Handover {
  id: number; case: string; peer: string; peer_name: { zh: string; en: string }; state: 'to_be_sent' | 'with_them' | 'ended'; reference: string; remote: string | null
  began_at: string; place_kept_back: boolean; messages: HandoverMessage[]
}
export interface SaidLine { seq: number; kind: string; at: string; who: string; status: string | null; sealed: boolean; reason: string | null; why: string | null; remote: string | null }
export interface CaseExchange { handovers: Handover[]; said: SaidLine[]; next: number | null }

/** "client.timeout" in words, where there are some; else as it is. */
export function troubleWords(why: string | null, t: (key: string) => string, te: (key: string) => boolean): string {
  if (why?.startsWith('case.') && why.endsWith('.photos')) return t('outward.trouble.case.evidence')
  const [group, name, ...more] = (why ?? '').split('.')
  return group && name && !more.length && te(`outward.trouble.${group}.${name}`) ? t(`outward.trouble.${group}.${name}`) : why ?? ''
}

/** What somebody wrote as prefixes with blanks between them. */
export const listed = (text: string): string[] => text.split(/[\s,，]+/).filter(Boolean)
