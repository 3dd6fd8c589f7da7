// Stamps when each request is complete, for bench/transport.ts. HTTP/2 and HTTP/1.1 over TLS, on loopback.
//
//	POST /work    header Burst: a name; the body is read to its end, then the time is noted
//	     /echo    answers what it was sent, or as many bytes as ?size= says
//	GET  /stamps  ?burst=NAME: the times of that burst, ns, as JSON; then they are forgotten
//
// Prints one line: its port, the path of its certificate, and the port on which it speaks plain HTTP/1.1.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	began := time.Now()
	var lock sync.Mutex
	stamps := map[string][]int64{}
	http.HandleFunc("/work", func(answer http.ResponseWriter, request *http.Request) {
		io.Copy(io.Discard, request.Body)
		at := time.Since(began).Nanoseconds()
		burst := request.Header.Get("Burst")
		lock.Lock()
		stamps[burst] = append(stamps[burst], at)
		lock.Unlock()
		answer.Write([]byte("{}"))
	})
	http.HandleFunc("/stamps", func(answer http.ResponseWriter, request *http.Request) {
		burst := request.URL.Query().Get("burst")
		lock.Lock()
		defer lock.Unlock()
		json.NewEncoder(answer).Encode(stamps[burst])
		delete(stamps, burst)
	})
	http.HandleFunc("/echo", func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		if size, err := strconv.Atoi(request.URL.Query().Get("size")); err == nil {
			body = []byte(`"` + strings.Repeat("x", size) + `"`)
		}
		if len(body) == 0 {
			body = []byte("null")
		}
		answer.Write(body)
	})
	certificate, file := selfSigned()
	listener, plain := listen(), listen()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port, file, plain.Addr().(*net.TCPAddr).Port)
	go http.Serve(plain, nil)
	server := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	log.Fatal(server.ServeTLS(listener, "", ""))
}

func listen() net.Listener {
	host := "127.0.0.1:0"
	if len(os.Args) > 2 {
		host = os.Args[2] + ":0"
	}
	listener, err := net.Listen("tcp", host)
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

func selfSigned() (tls.Certificate, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.ParseIP(append(os.Args, "127.0.0.1", "127.0.0.1")[2])},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(os.Args[1], "certificate.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(file, text, 0o644); err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
