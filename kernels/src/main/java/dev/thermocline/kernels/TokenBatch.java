package dev.thermocline.kernels;

/**
 * Who is computed in one forward pass: row i of the activations is the token {@code tokens[i]} at
 * {@code positions[i]} of its sequence. Keys and values lie in pages of {@link #PAGE} positions;
 * position p of row i's sequence has the slot {@code pages[pageStart[i] + p / PAGE] * PAGE + p %
 * PAGE}. Filled by the scheduler, reused for ever.
 */
public final class TokenBatch {
  /** Positions of a page. */
  public static final int PAGE = 32;

  private final int[] tokens;
  private final int[] positions;
  private final int[] pageStart;
  private final int[] pages;
  private int size;
  private int pageCount;
  private long version;

  /**
   * Allocates an empty batch.
   *
   * @param maxTokens most rows
   * @param maxPages most pages over all sequences of a batch
   */
  public TokenBatch(int maxTokens, int maxPages) {
    this.tokens = new int[maxTokens];
    this.positions = new int[maxTokens];
    this.pageStart = new int[maxTokens];
    this.pages = new int[maxPages];
  }

  public void clear() {
    size = 0;
    pageCount = 0;
    version++;
  }

  /**
   * Adds the pages of a sequence and returns where they start; rows of the sequence pass this to
   * {@link #add}.
   */
  public int addPages(int[] sequencePages, int count) {
    System.arraycopy(sequencePages, 0, pages, pageCount, count);
    pageCount += count;
    version++;
    return pageCount - count;
  }

  /** Adds one token. */
  public void add(int token, int position, int firstPage) {
    tokens[size] = token;
    positions[size] = position;
    pageStart[size] = firstPage;
    size++;
    version++;
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  public int maxTokens() {
    return tokens.length;
  }

  public int maxPages() {
    return pages.length;
  }

  /** Token ids; the first {@link #size()} count. Not a copy, as the other arrays here. */
  public int[] tokens() {
    return tokens;
  }

  public int[] positions() {
    return positions;
  }

  public int[] pageStart() {
    return pageStart;
  }

  public int[] pages() {
    return pages;
  }

  public int pageCount() {
    return pageCount;
  }

  /**
   * Grows with every change made through the methods here, so that a device knows when its copy is
   * stale.
   */
  public long version() {
    return version;
  }

  /** Slot of position {@code position} in the sequence of row {@code row}. */
  public int slot(int row, int position) {
    return pages[pageStart[row] + position / PAGE] * PAGE + position % PAGE;
  }
}
