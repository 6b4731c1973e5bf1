package dev.interlock.examples.readme;

import dev.interlock.Region;
import dev.interlock.SharedDoubleArray;
import dev.interlock.SharedLong;
import dev.interlock.SharedRecord;

public class Values {
    record Position(double x, double y, long time) {}

    public static void main(String[] args) {
        try (Region region = Region.open("simulation")) {
            SharedLong steps = region.longValue("steps", 0);
            steps.incrementAndGet(); // atomic, among all processes

            SharedDoubleArray field = region.doubleArray("field", 1_000_000);
            field.copyFrom(new double[1_000_000]); // at the speed of memory
            field.segment(); // or in place, as a MemorySegment

            SharedRecord<Position> position = region.record("position", Position.class);
            position.set(
                    new Position(1.5, -2.0, steps.get())); // never half of it, whoever is killed
            System.out.println(position.get());
            region.unlink(); // or leave it for the next program
        }
    }
}
