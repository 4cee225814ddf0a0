/** The way to whoever hosts this screen: what the preload script of the desktop and the socket of the console have in common. */
import type { ChosenPath } from '../../shared/contract/calls/call.ts';
/** What the preload script puts on the window; the socket of the console has the same shape. */
export type Transport = {
    /** Answers with a Reply; never rejects for a fault. */
    call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
    /** Returns how to stop listening. */
    listen(topic: string, tell: (value: unknown) => void): () => void;
    /** Lost: no way to the host at the moment, since then. Ended: it will not come back without a new link. */
    connection(tell: (connection: Connection) => void): () => void;
    /** A folder dropped on the window, where the host can know its path. */
    dropped?(file: File): Promise<ChosenPath | null>;
};
export type Connection = {
    readonly state: 'connecting' | 'open' | 'lost' | 'ended';
    readonly since: number;
};
