package dev.sandgate.sidebyside;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.annotation.Bean;

/** Puts {@link Pinned} in the place of round robin, as the manual of Spring Cloud LoadBalancer describes. */
class PinnedConfiguration {

    @Bean
    ReactorLoadBalancer<ServiceInstance> pinned(ObjectProvider<ServiceInstanceListSupplier> instances) {
        return new Pinned(instances);
    }
}
