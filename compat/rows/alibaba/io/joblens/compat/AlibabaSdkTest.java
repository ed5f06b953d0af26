package io.joblens.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceRequest;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceResponse;
import com.sun.net.httpserver.HttpServer;
import io.joblens.JobClient;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.spi.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Alibaba's own client and ours, in one JVM, ask the same server. It is none of the testkit's: the
 * old SDK signs by HMAC-SHA1, which our fake cloud does not speak.
 */
class AlibabaSdkTest {
  private static final String ANSWER =
      """
      {"RequestId":"883AFE93-FB03-4FA9-A958-E750C6DE120C","Code":200,"Success":true,"Message":"",
       "Data":{"JobInstanceDetail":{"JobId":99341,"JobInstanceId":1310630367761285120,
       "InstanceId":1310630367761285120,"Status":4,"TriggerType":1,"TimeType":1,
       "StartTime":"2020-09-28 10:00:02","EndTime":"2020-09-28 10:00:07",
       "ScheduleTime":"2020-09-28 10:00:00","DataTime":"2020-09-28 10:00:00"}}}
      """;

  @Test
  void bothClientsSeeTheRun() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          exchange.getRequestBody().readAllBytes();
          byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json;charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String authority = "127.0.0.1:" + server.getAddress().getPort();
      GetJobInstanceRequest request = new GetJobInstanceRequest();
      request.setSysEndpoint(authority);
      request.setSysProtocol(ProtocolType.HTTP);
      request.setNamespace("ns");
      request.setGroupId("g");
      request.setJobId(99341L);
      request.setJobInstanceId(1310630367761285120L);
      DefaultAcsClient theirs =
          new DefaultAcsClient(
              DefaultProfile.getProfile("cn-hangzhou", "LTAIexample", "secret-example"));

      GetJobInstanceResponse answer = theirs.getAcsResponse(request);

      assertThat(answer.getData().getJobInstanceDetail().getStatus()).isEqualTo(4);
      theirs.shutdown();
      try (JobClient ours =
          AlibabaSchedulerx.builder()
              .region("cn-hangzhou")
              .namespace("ns")
              .group("g")
              .endpoint("http://" + authority)
              .credentials(Credentials.accessKey("LTAIexample", "secret-example"))
              .build()) {
        assertThat(ours.getRun(ours.runRef("ns", "g", "99341", "1310630367761285120")).rawState())
            .isEqualTo("4");
      }
      assertThat(asked).hasSizeGreaterThanOrEqualTo(2);
    } finally {
      server.stop(0);
    }
  }
}
