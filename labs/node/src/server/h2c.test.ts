import { once } from "node:events";
import http2 from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDualServer, type DualServer } from "./h2c.ts";

describe("createDualServer", () => {
  let server: DualServer;
  let port: number;
  beforeEach(async () => {
    server = createDualServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => response.end(`${request.httpVersion} ${request.method} ${body}`));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket.setNoDelay();
  };
  const answer = async (socket: Socket): Promise<string> => {
    let text = "";
    for await (const chunk of socket) {
      text += chunk;
      if (text.includes("1.1 ")) break;
    }
    return text;
  };

  it("speaks HTTP/1.1", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "hello" });
    expect(await response.text()).toBe("1.1 POST hello");
  });

  it("speaks HTTP/2 to a client that begins with its preface", async () => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const bodies = ["one", "two", "three"].map(async (body) => {
      const stream = session.request({ ":method": "POST", ":path": "/" });
      stream.end(body);
      return (await stream.setEncoding("utf8").toArray()).join("");
    });
    expect(await Promise.all(bodies)).toEqual(["2.0 POST one", "2.0 POST two", "2.0 POST three"]);
    session.destroy();
  });

  it("decides on the first byte that differs, and loses none: PRI or POST", async () => {
    const socket = await open();
    for (const byte of "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi") {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer(socket)).toContain("1.1 POST hi");
  });

  it("takes a preface that arrives in pieces", async () => {
    const socket = await open();
    const emptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    for (const piece of ["P", "RI * HTT", "P/2.0\r\n\r\nSM\r\n\r\n", Buffer.from(emptySettings)]) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const [frame] = await once(socket, "data");
    // The server's own SETTINGS, which begins every answer in HTTP/2.
    expect(frame[3]).toBe(4);
    socket.destroy();
  });

  it("outlives clients that leave, and prefaces that turn out to be none", async () => {
    for (const text of ["", "P", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "\0\0\0"]) {
      const socket = await open();
      socket.on("error", () => {});
      if (text) socket.write(text);
      socket.end();
      socket.resume();
      await once(socket, "close");
    }
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("1.1 GET ");
  });

  it("closes what is open, in both versions and before the first byte", async () => {
    const silent = await open();
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    await once(session, "remoteSettings");
    const gone = [once(silent, "close"), once(session, "close")];
    silent.on("error", () => {});
    server.closeAllConnections();
    await Promise.all(gone);
  });
});
