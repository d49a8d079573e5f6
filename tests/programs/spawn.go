// SPDX-License-Identifier: GPL-2.0-only

// What Go programs do with processes: os/exec from many threads.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func status(err error) string {
	if err == nil {
		return "0"
	}
	return err.Error()
}

func main() {
	var group sync.WaitGroup
	results := make([]string, 8)
	for i := range results {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			results[i] = status(exec.Command("sh", "-c", fmt.Sprint("exit ", i)).Run())
		}(i)
	}
	group.Wait()
	fmt.Println(results)

	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	fmt.Println(status(exec.CommandContext(ctx, "sleep", "1000").Run()))

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-signals)

	command := exec.Command("sleep", "1000")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.Start()
	syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
	fmt.Println(status(command.Wait()))
}
