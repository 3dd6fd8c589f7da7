import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { mailTo, message } from "./mail.ts";

const MAIL = { to: "ada@lab.example", subject: "Your code", text: "123456\n.\n..\nbye\n" };

describe("mailTo", () => {
  let server: Server;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  /** Greets, and then has one reply for each line outside of the data and for its end. */
  async function listen(
    greeting: string,
    replies: readonly string[],
  ): Promise<{ port: number; said: string[] }> {
    const said: string[] = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      const answers = [...replies];
      let data = false;
      socket.write(greeting);
      socket.setEncoding("utf8").on("data", (text) => {
        for (const line of String(text).split("\r\n").slice(0, -1)) {
          said.push(line);
          if (data && line !== ".") continue;
          data = line === "DATA";
          const answer = answers.shift();
          if (answer === undefined) socket.destroy();
          else socket.write(answer);
        }
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return { port: (server.address() as AddressInfo).port, said };
  }

  it("hands over one mail, to a server that answers in several lines", async () => {
    const replies = [
      "250-hello\r\n250-SIZE 1\r\n250 OK\r\n",
      "250 OK\r\n",
      "250 OK\r\n",
      "354 go\r\n",
      "250 OK\r\n",
    ];
    const { port, said } = await listen("220 hi\r\n", [...replies, "221 bye\r\n"]);
    await mailTo({ host: "127.0.0.1", port })(MAIL);
    expect(said[1]).toBe("MAIL FROM:<lab@lab.example>");
    expect(said[2]).toBe("RCPT TO:<ada@lab.example>");
    expect(said.slice(said.indexOf("") + 1)).toEqual(["123456", "..", "...", "bye", ".", "QUIT"]);
  });

  it("says so where the server refuses, hangs up or is not there, and waits for none of them", async () => {
    const refusing = await listen("220 hi\r\n", ["250 OK\r\n", "550 not you\r\n"]);
    const send = () => mailTo({ host: "127.0.0.1", port: refusing.port })(MAIL);
    await expect(send()).rejects.toThrow("the mail server said 550");
    server.close();
    const silent = await listen("220 hi\r\n", ["250 OK\r\n"]);
    await expect(mailTo({ host: "127.0.0.1", port: silent.port })(MAIL)).rejects.toThrow(
      /hung up|ECONNRESET/,
    );
    server.close();
    await expect(mailTo({ host: "127.0.0.1", port: silent.port })(MAIL)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("message", () => {
  it("has its header, and doubles the dots that begin a line", () => {
    const lines = message(MAIL).split("\r\n");
    expect(lines).toContain("To: <ada@lab.example>");
    expect(lines.slice(lines.indexOf(""))).toEqual(["", "123456", "..", "...", "bye", "."]);
  });
});
