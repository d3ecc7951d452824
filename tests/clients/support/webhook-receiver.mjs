// A receiver of webhooks on a free port, which keeps what it gets as it came: the raw body is what is signed.
import { once } from "node:events";
import { createServer } from "node:http";

const patience = 60_000;

export class WebhookReceiver {
  /** @param heard is awaited with each event before the delivery is acknowledged */
  static async start(heard = async () => {}) {
    const receiver = new WebhookReceiver();
    receiver.deliveries = [];
    receiver.server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString("utf8");
      await heard(JSON.parse(body));
      receiver.deliveries.push({ headers: request.headers, body, event: JSON.parse(body) });
      response.writeHead(204).end();
      receiver.server.emit("delivery");
    });
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/hook`;
    return receiver;
  }

  /** Waits for a delivery of every one of these types, and gives one of each: the same event may come more than once. */
  async all(types, which) {
    const signal = AbortSignal.timeout(patience);
    for (;;) {
      const found = types.map((type) => this.deliveries.find((delivery) => delivery.event.type === type && which(delivery)));
      if (found.every(Boolean)) return found;
      await once(this.server, "delivery", { signal });
    }
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
