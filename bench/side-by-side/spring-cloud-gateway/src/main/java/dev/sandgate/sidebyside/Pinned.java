package dev.sandgate.sidebyside;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Mono;

/** Computes a session's instance from the field, and remembers nothing. */
final class Pinned implements ReactorServiceInstanceLoadBalancer {

    private static final String FIELD = "X-Session-Id";

    private final ObjectProvider<ServiceInstanceListSupplier> instances;

    Pinned(ObjectProvider<ServiceInstanceListSupplier> instances) {
        this.instances = instances;
    }

    @Override
    @SuppressWarnings("rawtypes") // the interface says so
    public Mono<Response<ServiceInstance>> choose(Request request) {
        return instances.getObject().get(request).next().map(all -> chosen(all, request));
    }

    private static Response<ServiceInstance> chosen(List<ServiceInstance> all, Request<?> request) {
        String session = ((RequestDataContext) request.getContext())
                .getClientRequest()
                .getHeaders()
                .getFirst(FIELD);
        if (session == null || all.isEmpty()) {
            return new EmptyResponse();
        }
        int mixed = session.hashCode() * 0x9e3779b1;
        return new DefaultResponse(all.get((mixed >>> 16) % all.size()));
    }
}
