package dev.interlock.bench.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The threads of one worker that take part in a measurement of two parties: one of them if the parties are processes, both for a
 * lock that works within one JVM only. Each keeps its thread from order to order, since locks know their thread.
 */
final class Parties {
    private final List<Integer> numbers;
    private final List<ExecutorService> threads = new ArrayList<>();

    /** The parties of that argument: 0, 1 or 0,1. */
    Parties(String numbers) {
        this.numbers = Arrays.stream(numbers.split(",", -1)).map(Integer::valueOf).toList();
        for (int number : this.numbers) {
            threads.add(
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name("bench-party-" + number).factory()));
        }
    }

    /** What a party does. */
    interface Part<T> {
        T play(int party) throws Exception;
    }

    int count() {
        return numbers.size();
    }

    /** Lets all play at once and waits for them. */
    <T> List<T> play(Part<T> part) throws InterruptedException, ExecutionException {
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            running.add(threads.get(i).submit(() -> part.play(number)));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) results.add(one.get());
        return results;
    }

    /** The order {@code pin FIRST SECOND}. */
    void pin(String[] order) throws InterruptedException, ExecutionException {
        var placement = new Placement(Integer.parseInt(order[1]), Integer.parseInt(order[2]));
        play(party -> {
            Placement.pinCurrentThread(placement.of(party));
            return true;
        });
        Orders.answer();
    }
}
