/** Spring AI's models over the engine in this process. */
@NullMarked
package dev.thermocline.springai;

import org.jspecify.annotations.NullMarked;
