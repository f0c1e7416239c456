package dev.sandgate.sidebyside;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;

/** Spring Cloud Gateway, whose load balancer goes by a field of the request. All else is in its configuration file. */
@SpringBootApplication
@LoadBalancerClients(defaultConfiguration = PinnedConfiguration.class)
public class Gateway {

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(Gateway.class, args);
    }
}
