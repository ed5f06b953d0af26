package io.joblens.vendor;

import com.tencentcloudapi.common.AbstractClient;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Tencent Cloud's own client, whose requests are caught before they reach a socket. It takes its
 * date from the system's clock; {@link #authorization} is the one way in with another date.
 */
final class VendorTc3 {
  private final AtomicReference<Request> caught = new AtomicReference<>();
  private final HttpProfile http = new HttpProfile();
  private final CommonClient client;
  private final Method getAuthorization;

  VendorTc3() {
    http.setHttpClient(new OkHttpClient.Builder().addInterceptor(this::catchAndAnswer).build());
    ClientProfile profile = new ClientProfile();
    profile.setHttpProfile(http);
    client =
        new CommonClient(
            "batch", "2017-03-12", new Credential("id", "canary-key"), "ap-guangzhou", profile);
    try {
      // private, but what call() signs with
      getAuthorization =
          AbstractClient.class.getDeclaredMethod("getAuthorization", HashMap.class, byte[].class);
    } catch (NoSuchMethodException e) {
      throw new LinkageError("another version of the vendor's client", e);
    }
    getAuthorization.setAccessible(true);
  }

  VendorTc3 with(Credential credential, String host) {
    client.setCredential(credential);
    http.setEndpoint(host);
    return this;
  }

  /** Sends this body and returns the request that would have left. */
  Request post(String action, String body) throws TencentCloudSDKException {
    http.setReqMethod("POST");
    client.call(action, body);
    return caught.getAndSet(null);
  }

  /** Sends these parameters in a URL and returns the request that would have left. */
  Request get(String action, Map<String, String> parameters) throws TencentCloudSDKException {
    http.setReqMethod("GET");
    client.commonRequest(new Parameters(parameters), action);
    return caught.getAndSet(null);
  }

  /** Returns what the client would put into {@code Authorization} of a POST at that time. */
  String authorization(String contentType, long timestamp, byte[] body)
      throws ReflectiveOperationException {
    HashMap<String, String> headers = new HashMap<>();
    headers.put("Content-Type", contentType);
    headers.put("X-TC-Timestamp", Long.toString(timestamp));
    return (String) getAuthorization.invoke(client, headers, body);
  }

  private static final class Parameters extends AbstractModel {
    private final Map<String, String> parameters;

    Parameters(Map<String, String> parameters) {
      this.parameters = parameters;
    }

    @Override
    @SuppressWarnings("NonApiType") // the vendor's signature
    protected void toMap(HashMap<String, String> map, String prefix) {
      map.putAll(parameters);
    }
  }

  private Response catchAndAnswer(okhttp3.Interceptor.Chain chain) {
    caught.set(chain.request());
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .body(
            ResponseBody.create(
                "{\"Response\":{\"RequestId\":\"r\"}}", MediaType.get("application/json")))
        .build();
  }
}
