package io.joblens.alibaba;

import io.joblens.Job;
import io.joblens.RawJson;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of a list of jobs' definitions. Each product numbers its pages from 1 and counts
 * what there is, under names of its own.
 *
 * @param errors finds the errors in answers
 * @param masking which fields carry secrets
 * @param list the field of Data that has the definitions
 * @param id the field of a definition that has its id
 * @param total the field of Data that counts all definitions
 * @param paged whether the list was always paged; else an answer without a count is all there is
 */
public record AlibabaJobs(
    AlibabaErrors errors, Masking masking, String list, String id, String total, boolean paged) {

  /**
   * Reads a page.
   *
   * @param page the page that was asked for
   * @param size how many definitions it was to have at most
   * @param row reads a definition whose id is known
   */
  public Step<Jobs> page(
      Call call,
      WireResponse response,
      int page,
      int size,
      BiFunction<String, JsonReader, Job.Builder> row) {
    Page read = new Page(row);
    return errors.read(call, response, read::read, () -> read.jobs(page, size));
  }

  private final class Page {
    private final BiFunction<String, JsonReader, Job.Builder> row;
    private final List<Job.Builder> rows = new ArrayList<>();
    private boolean found;
    private @Nullable Long counted;
    private @Nullable Long given;

    Page(BiFunction<String, JsonReader, Job.Builder> row) {
      this.row = row;
    }

    void read(String name, JsonReader json) {
      if (name.equals("Data")) {
        json.object(
            field -> {
              if (field.equals(list)) {
                found = json.array(() -> rows.add(row(json)));
              } else if (field.equals(total)) {
                counted = json.integer();
              } else if (field.equals("PageSize")) {
                given = json.integer();
              }
            });
      }
    }

    /** Finds the id first, wherever it stands, then reads the definition. */
    private Job.Builder row(JsonReader json) {
      List<String> ids = new ArrayList<>(1);
      RawJson raw =
          json.rawObject(
              masking,
              field -> {
                if (field.equals(id)) {
                  ids.add(json.id());
                }
              });
      if (ids.isEmpty()) {
        throw json.wrong("has no " + id);
      }
      try {
        byte[] bytes = raw.unmasked().getBytes(StandardCharsets.UTF_8);
        return JsonReader.read(bytes, again -> row.apply(ids.get(0), again));
      } catch (IllegalArgumentException e) {
        throw json.wrong("has an " + id + " that can be none");
      }
    }

    /** No list is taken for an empty one only if the vendor also counts none. */
    Jobs jobs(int page, int size) {
      if (!found && !Long.valueOf(0).equals(counted)) {
        throw new WireDataException("/Data/" + list, "is missing");
      }
      if (counted == null && paged && rows.size() >= size) {
        throw new WireDataException("/Data/" + total, "is missing, so there may be more");
      }
      return Jobs.page(rows, page, size, given, counted == null ? 0 : counted);
    }
  }
}
