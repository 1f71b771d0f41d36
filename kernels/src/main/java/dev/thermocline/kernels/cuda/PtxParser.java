package dev.thermocline.kernels.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code .entry} signatures of PTX: the driver API has no reliable way to ask. */
final class PtxParser {

  private static final Pattern COMMENT = Pattern.compile("//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern ENTRY =
      Pattern.compile("\\.entry\\s+([A-Za-z_$%][\\w$]*)\\s*(?:\\(([^)]*)\\))?");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.([a-z]+)(\\d+)\\s*(?:\\.ptr[^\\[]*?)?"
              + "\\s+[\\w$%]+\\s*(?:\\[(\\d+)])?");

  private PtxParser() {}

  static Map<String, PtxKernel> kernels(String name, String text) {
    String code = COMMENT.matcher(text).replaceAll(" ");
    if (!code.stripLeading().startsWith(".version")) {
      throw new IllegalArgumentException(name + ": expected PTX, which starts with .version");
    }
    Map<String, PtxKernel> kernels = new LinkedHashMap<>();
    Matcher entries = ENTRY.matcher(code);
    while (entries.find()) {
      String kernel = entries.group(1);
      kernels.put(kernel, new PtxKernel(kernel, parameters(kernel, entries.group(2))));
    }
    return Map.copyOf(kernels);
  }

  private static List<PtxParameter> parameters(String kernel, @Nullable String list) {
    List<PtxParameter> parameters = new ArrayList<>();
    if (list == null || list.isBlank()) {
      return parameters;
    }
    for (String declaration : list.split(",", -1)) {
      Matcher matcher = PARAMETER.matcher(declaration.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            kernel + ": expected a .param declaration, found " + declaration.strip());
      }
      parameters.add(parameter(matcher));
    }
    return parameters;
  }

  private static PtxParameter parameter(MatchResult match) {
    int bytes = Integer.parseInt(match.group(2)) / 8;
    int count = match.group(3) == null ? 1 : Integer.parseInt(match.group(3));
    return new PtxParameter(match.group(1) + match.group(2), bytes * count);
  }
}
