package io.skein.platform.messaging;

/**
 * A message came before others it rests on, as happens where several processes read one queue. It goes back to the queue, later and later;
 * who throws this looks at {@link Delivery#deliveries()} and takes it as it is in the end, or it becomes a dead letter.
 */
public class NotYetException extends RuntimeException {

    public NotYetException(String waitsFor) {
        super(waitsFor);
    }
}
