package io.github.dhf4j.examples.spring;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MaxUploadSizeExceededException;

/** Reasons as JSON: 400 for what the client sent, 413 for too much of it, 503 for too many at once. */
@RestControllerAdvice
final class Refusals {
    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> refused(Uploads.Refused refusal) {
        return Map.of("error", String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> tooLarge(MaxUploadSizeExceededException refusal) {
        return ResponseEntity.status(413).body(Map.of("error", String.valueOf(refusal.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> busy(MatchSlots.Busy refusal) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header("Retry-After", "10")
                .body(Map.of("error", String.valueOf(refusal.getMessage())));
    }
}
