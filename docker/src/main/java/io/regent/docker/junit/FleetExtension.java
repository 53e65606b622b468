package io.regent.docker.junit;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Starts the cluster of a class when the first of its tests asks for it. */
final class FleetExtension implements ParameterResolver, TestWatcher {
    private static final Namespace NAMESPACE = Namespace.create(FleetExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Arena.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = ofClass(context);
        return ofClass.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Arena.class, key -> start(annotation(ofClass), ofClass), Arena.class);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        Arena arena = ofClass(context).getStore(NAMESPACE).get(Arena.class, Arena.class);
        if (arena != null) {
            arena.failed();
        }
    }

    private static ExtensionContext ofClass(ExtensionContext context) {
        Optional<ExtensionContext> parent = context.getParent();
        return context.getTestMethod().isPresent() && parent.isPresent() ? ofClass(parent.get()) : context;
    }

    private static Fleet annotation(ExtensionContext context) {
        return context.getTestClass()
                .map(type -> type.getAnnotation(Fleet.class))
                .orElseThrow(() -> new ExtensionConfigurationException("@Fleet belongs on the test's class"));
    }

    private static Arena start(Fleet fleet, ExtensionContext context) {
        try {
            return Arena.start(fleet, context.getRequiredTestClass().getSimpleName());
        } catch (IOException e) {
            throw new ExtensionConfigurationException("the cluster could not be started: " + e.getMessage(), e);
        }
    }
}
