package dev.thermocline.predictor.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class QualityMeterTest {

  @Test
  void equalLogitsLoseNothing() {
    QualityMeter meter = new QualityMeter();
    float[] logits = {1, 2, 3, -5};
    meter.add(logits, 0, logits, 0, 4, 2);
    assertEquals(0, meter.kl(), 1e-12);
    assertEquals(1, meter.top1Agreement());
    assertEquals(meter.densePerplexity(), meter.sparsePerplexity());
  }

  @Test
  void divergenceAndPerplexityAreTheTextbooks() {
    QualityMeter meter = new QualityMeter();
    float[] dense = {9, (float) Math.log(0.25), (float) Math.log(0.75)};
    float[] sparse = {(float) Math.log(0.5), (float) Math.log(0.5), 9};
    meter.add(dense, 1, sparse, 0, 2, 1);
    assertEquals(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), meter.kl(), 1e-6);
    assertEquals(0, meter.top1Agreement());
    assertEquals(1 / 0.75, meter.densePerplexity(), 1e-6);
    assertEquals(2, meter.sparsePerplexity(), 1e-6);
    meter.add(dense, 1, dense, 1, 2, -1);
    assertEquals(0.5, meter.top1Agreement());
    assertEquals(2, meter.rows());
    assertEquals(2, meter.sparsePerplexity(), 1e-6);
  }

  @Test
  void ruledOutTokensAddNothing() {
    QualityMeter meter = new QualityMeter();
    float no = Float.NEGATIVE_INFINITY;
    meter.add(new float[] {0, no}, 0, new float[] {0, no}, 0, 2, 0);
    assertEquals(0, meter.kl());
    assertThrows(
        IllegalArgumentException.class, () -> meter.add(new float[2], 0, new float[2], 0, 2, 2));
  }

  @Test
  void theReportIsATable() {
    QualityMeter meter = new QualityMeter();
    float[] logits = {1, 2};
    meter.add(logits, 0, logits, 0, 2, -1);
    String text =
        new CalibrationReport(
                "tiny.gguf",
                4096,
                List.of(meter.report("gate-first", 0.25, 1_234_567)),
                List.of(new LayerReport(0, "low-rank", 0.1, 0.15, 0.9, 0.05, 20_480, 32)))
            .render();
    assertEquals(
        """
        tiny.gguf: calibrated on 4096 tokens

        | mode       | tokens |      KL |   top-1 | perplexity | dense | active | MB/token |
        |:-----------|-------:|--------:|--------:|-----------:|------:|-------:|---------:|
        | gate-first |      1 | 0.00000 | 100.0 % |          - |     - | 25.0 % |    1.235 |

        | layer | selector | rank | active |   kept | recall |   CETT | kB/token |
        |:------|---------:|-----:|-------:|-------:|-------:|-------:|---------:|
        | 0     | low-rank |   32 | 10.0 % | 15.0 % | 90.0 % | 0.0500 |     20.5 |
        """,
        text);
    assertTrue(text.length() > 100);
  }
}
